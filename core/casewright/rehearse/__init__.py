"""Rehearsal: a workspace's workflow on a simulated clock, days in seconds, and what is to be mended in it."""
