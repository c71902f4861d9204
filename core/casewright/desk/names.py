"""What somebody or something that the desk keeps may be called."""

from casewright.errors import CommandRefused, Message, message

LONGEST_NAME = 64


def must_be_a_name(name: str) -> None:
    """Raise CommandRefused unless `name` can be told apart by eye: printable, short, no blank at its ends."""
    if (fault := name_fault(name)) is not None:
        raise CommandRefused(reason=fault)


def name_fault(name: str) -> Message | None:
    """Return what keeps `name` from being one, or None."""
    if (
        name.strip()
        and name == name.strip()
        and len(name) <= LONGEST_NAME
        and name.isprintable()
    ):
        return None
    return message(
        "a name has 1 to {limit} printable characters and no blank at its ends",
        limit=LONGEST_NAME,
    )
