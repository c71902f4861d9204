"""The places somebody can be at, a module each; all are reached by name (see `casewright_tui.places`)."""
