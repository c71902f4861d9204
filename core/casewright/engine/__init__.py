"""The engine: from a command to an outcome, pure; no I/O, no clock, no store."""
