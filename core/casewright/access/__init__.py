"""Access: which role may give which command."""
