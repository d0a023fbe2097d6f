"""Redaction: designators for protected persons, in data that has yet to be rendered."""
