"""Intake: what comes in from outside, as values, and the rules by which it becomes tickets; it knows nothing of the store."""
