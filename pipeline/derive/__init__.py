"""Whole-case steps over all shards: duplicates, threads, tables, entities, links, ledger."""
