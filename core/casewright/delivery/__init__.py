"""Handing notices to the outside: channels, what they answer, and what comes back from them."""
