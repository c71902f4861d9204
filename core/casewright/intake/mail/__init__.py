"""Mail as it comes: octets in, what they say out. Nothing that a stranger sends is raised, and nothing of it is believed."""
