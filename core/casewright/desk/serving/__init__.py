"""Customers, and the contacts with them."""
