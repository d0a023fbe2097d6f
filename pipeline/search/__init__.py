"""Full text and values: what ``triage search`` and ``triage show`` call.

Nothing here imports pyarrow, pandas, Dask or spaCy: a search answers in about a second, cold.
"""
