"""Workflows: the language, its loader and checker, and the door to guard expressions."""
