"""How a fact is read out of text: pure functions of a text, one family a file.

The registry is :data:`extractors.registry.EXTRACTORS`.
"""
