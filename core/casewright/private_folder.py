"""Folders that are nobody else's: every one that has to be made is closed to others from its first moment."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, open to their owner alone; what is there stays as it is. OSError."""
    missing = [folder, *folder.parents]
    for one in reversed([each for each in missing if not each.exists()]):
        one.mkdir(mode=0o700, exist_ok=True)
