"""Scripts run by hand that make the data files extractors load."""
