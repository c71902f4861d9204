"""The process that owns a workspace: it takes what callers say, commits it in groups, and tells everyone what changed."""
