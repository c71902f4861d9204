"""The staff: who they are, when they are away, how they prove who they are."""
