"""What the data is: declared tables, closed lists and identifiers. No I/O.

Nothing is imported here: ``schemas.kinds`` and ``schemas.ids`` are used by commands that must start
in a moment, and ``schemas.tables`` needs pyarrow (about a second, cold).
"""
