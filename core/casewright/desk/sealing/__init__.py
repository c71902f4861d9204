"""Checkpoints of the histories: made, signed, kept in two places, judged."""
