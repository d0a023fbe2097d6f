"""The words of a report, a file for each group of sections; numbers come from the summary alone."""
