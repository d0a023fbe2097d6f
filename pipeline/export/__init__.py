"""Exports: the tables of a case as files for others."""
