"""Facts that people entered, held against the records of a case."""
