"""Where the workflows, forms, tables and roles that casewright ships are found."""

from pathlib import Path


def starter_folder() -> Path:
    """Return the folder of the starter workspace: packed into the wheel, or the repository's own."""
    packed = Path(__file__).with_name("starter")
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2]
