"""Value normalisers, one file per kind: clean(surface, hints) gives a value or None."""
