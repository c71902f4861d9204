"""Intake at the desk: what came in is kept, judged, and becomes a ticket or part of one, in one transaction."""
