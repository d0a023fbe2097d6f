"""What a report counts: a file for each kind of thing, each a few queries and their rows."""
