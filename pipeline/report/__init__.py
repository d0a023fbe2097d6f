"""The report: :mod:`summarise` counts, :mod:`render` writes; nothing else knows both."""
