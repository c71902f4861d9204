"""The parts of `casewright.toml` that have words of their own: channels, worker, quiet hours, limits."""
