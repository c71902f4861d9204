"""A contact centre at work on a simulated clock: planned without a desk, acted out through the front door."""
