"""Who takes tickets now: an agent says to be busy and with what, or to be back; who leads them may say it for them."""

from dataclasses import replace

from casewright import (
    SYSTEM,
    CommandRefused,
    GetWorkload,
    NotFound,
    PluginDesk,
    hint,
    message,
)
from casewright_routing import stored_agents
from casewright_routing.commands import SetAvailability, SetAvailabilityOf
from casewright_routing.published import must_be_published

LONGEST_REASON = 80


def set_own(desk: PluginDesk, command: SetAvailability) -> None:
    """Note what the actor says."""
    name = desk.actor.name
    if name not in must_be_published(desk).rules.members:
        raise CommandRefused(
            reason=message("you are not one of the agents that routing.yaml names")
        )
    _note(desk, name, command.available, command.reason)


def set_of_other(desk: PluginDesk, command: SetAvailabilityOf) -> None:
    """Note what is said of an agent."""
    members = must_be_published(desk).rules.members
    if command.name not in members:
        near = hint(command.name, members)
        raise NotFound(kind=message("agent"), name=command.name, hint=near)
    _note(desk, command.name, command.available, command.reason)


def _note(desk: PluginDesk, name: str, available: bool, written: str) -> None:
    reason = " ".join(written.split())
    if not available and not reason:
        raise CommandRefused(reason=message("say with what you are busy, such as: training"))
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        template = "a reason has at most {limit} printable characters"
        raise CommandRefused(reason=message(template, limit=LONGEST_REASON))
    known = stored_agents.read(desk.store).get(name)
    load = desk.ask(GetWorkload(actor=SYSTEM)).get(name, 0)
    work = stored_agents.work_now(known, load, desk.now)
    busy = "" if available else reason
    stored_agents.save(desk.store, {name: replace(work, busy=busy)})
