"""What every plugin keeps: laws that are tried on one that is installed, by its own tests and by `casewright plugin check`."""
