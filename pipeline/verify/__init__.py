"""Whether a case still is what was published: sources, files, chain, tables, invariants, replay."""
