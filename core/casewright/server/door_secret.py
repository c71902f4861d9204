"""The secret by which the server knows its own doors: those who need it are started with it, and nobody else."""

import os

NAME = "CASEWRIGHT_DOOR_SECRET"
"""The variable in which the parent of the server and its doors gives it to both at their start."""


def secret_of_the_doors() -> str:
    """Return the secret that this process was started with, and forget it in its surroundings; "" where no door is open."""
    return os.environ.pop(NAME, "")
