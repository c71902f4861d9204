"""Numbered migrations, one SQL file each; an applied one is never changed."""
