"""Erasing customers and what is past its time, and the ledger of it."""
