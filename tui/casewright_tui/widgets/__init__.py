"""Widgets: they take plain values, draw them, and post messages; none of them knows the desk."""
