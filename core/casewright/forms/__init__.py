"""What is asked of people: a subset of JSON Schema, and the check of what they enter."""
