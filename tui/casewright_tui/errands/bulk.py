"""One errand over many tickets: which of its commands would be refused and why, and which are left to be carried out."""

from collections.abc import Sequence

from casewright.commands import Command, TicketCommand
from casewright.errors import CasewrightError
from casewright.model import Receipt
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts

Outcomes = Sequence[Receipt | CasewrightError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Tickets that are refused for the same reason, which is told in the reader's language."""

    reason: str
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a trial came to: the commands that would be carried out, of how many tickets, and the refused by reason.

    Commands that are said together are carried out all or none; so `commands` are those of tickets of which none is refused.
    """

    commands: tuple[Command, ...]
    passed: tuple[str, ...]
    refused: tuple[Refused, ...]


def dry_run(commands: Sequence[Command], outcomes: Outcomes, texts: Texts) -> DryRun:
    """Return what a trial of commands came to, an outcome for each; a ticket counts as refused when one of its commands is."""
    reasons: dict[str, list[str]] = {}
    bad: set[str] = set()
    for command, outcome in zip(commands, outcomes, strict=True):
        key = about(command)
        if isinstance(outcome, CasewrightError) and key not in bad:
            bad.add(key)
            reasons.setdefault(_reason(outcome, key, texts), []).append(key)
    left = tuple(one for one in commands if about(one) not in bad)
    return DryRun(
        commands=left,
        passed=tuple(dict.fromkeys(map(about, left))),
        refused=tuple(
            Refused(reason=reason, tickets=tuple(keys)) for reason, keys in reasons.items()
        ),
    )


def about(command: Command) -> str:
    """Return the key of the ticket that a command is about, "" for none."""
    return command.ticket if isinstance(command, TicketCommand) else ""


def _reason(error: CasewrightError, key: str, texts: Texts) -> str:
    """Return why something is refused without the ticket's key, so that equal reasons are one."""
    told = texts.error(error)
    for start in (f"{key}: ", f"{key}：", f"{key} "):
        told = told.removeprefix(start)
    return told
