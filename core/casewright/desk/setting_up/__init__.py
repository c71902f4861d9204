"""What a workspace is set up with: proposed, approved, published."""
