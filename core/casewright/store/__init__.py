"""The store: everything durable, behind tables that never leave it."""
