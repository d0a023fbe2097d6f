"""Pictures of a report: illustrations, each with the table that it draws."""
