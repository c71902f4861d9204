"""What the doctor says about the database: whether what is answered is durable, and whether its counts are right."""

from collections.abc import Iterator, Mapping

from casewright.cli.doctor_check import Check, problem, warning, well
from casewright.config import Config
from casewright.errors import message

_NEEDED = {
    "fsync": message(
        "fsync is off on the server: a power cut may destroy the database; turn it on in postgresql.conf"
    ),
    "full_page_writes": message(
        "full_page_writes is off on the server: a power cut may destroy the database; turn it on in postgresql.conf"
    ),
    "synchronous_commit": message(
        "synchronous_commit is off on the server: it may lose the last commits in a failure"
    ),
}
"""What a server must have on, and what it means where it has not."""


def durability_checks(config: Config, pragmas: Mapping[str, str]) -> Iterator[Check]:
    """Examine whether the database keeps what it has confirmed, whatever happens to the power."""
    full = config.synchronous == "FULL"
    if not full:
        risky = message("synchronous NORMAL may lose the last commits in a power cut")
        yield warning("durability", risky)
    if config.postgres:
        off = [name for name in _NEEDED if pragmas.get(name) == "off"]
        yield from (warning("durability", _NEEDED[name]) for name in off)
        if full and not off:
            names = ", ".join(f"{name} {pragmas.get(name, '?')}" for name in _NEEDED)
            yield well("durability", message("{settings}", settings=names))
    elif full:
        journal = pragmas.get("journal_mode", "?")
        said = message(
            "journal_mode {journal}, synchronous {synchronous}",
            journal=journal,
            synchronous=config.synchronous,
        )
        yield well("durability", said) if journal == "wal" else warning("durability", said)


def tally_checks(config: Config) -> Iterator[Check]:
    """Count all tickets, and hold what is kept of that to it."""
    from casewright.desk import wrong_tallies

    many = wrong_tallies(config)
    if many:
        said = message(
            "{count} counts of tickets by state are wrong: `casewright db migrate` counts anew",
            count=many,
        )
        yield problem("tallies", said)
    else:
        yield well("tallies", message("tickets are counted right"))
