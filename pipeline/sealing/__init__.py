"""Sealing: conversations with listed counsel and advocates, and NCMEC items, go to ``sealed/``.

What is sealed is dropped in the worker that reads it, before anything else sees it; nothing of it
but counts is in tables, index, reports, log or ``work/``. Where a list was given, the worker writes
it encrypted to the case's own key, of which it holds the public half only.
"""
