"""What can be done by filling in a form: each an `Errand`, whoever begins it, and the one form screen for all of them."""
