"""What somebody or something that the desk keeps may be called."""

from casewright.errors import CommandRefused, message

LONGEST_NAME = 64


def must_be_a_name(name: str) -> None:
    """Raise CommandRefused unless `name` can be told apart by eye: printable, short, no blank at its ends."""
    if (
        not name.strip()
        or name != name.strip()
        or len(name) > LONGEST_NAME
        or not name.isprintable()
    ):
        reason = message(
            "a name has 1 to {limit} printable characters and no blank at its ends",
            limit=LONGEST_NAME,
        )
        raise CommandRefused(reason=reason)
