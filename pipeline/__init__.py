"""When and where: reading, order, parallelism, linking, reports and the command line."""

__version__ = "0.1.0"
