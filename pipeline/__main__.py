"""``python -m pipeline`` is the command ``triage``."""

from pipeline.cli import main

main()
