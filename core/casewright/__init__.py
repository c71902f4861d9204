"""Workflows written in YAML, run as tickets; this package's surface for plugins, which pulls in nothing heavy."""

__version__ = "0.1.0"
