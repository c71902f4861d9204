"""Whether a workspace is fit to be simulated in: nobody real is told anything, and nothing that is there is mixed up."""

from datetime import datetime

from casewright.clock import Clock
from casewright.config import Config
from casewright.desk import Desk
from casewright.errors import Message, SimulationRefused, message
from casewright.model import SYSTEM, Person
from casewright.queries import ListPeople, ListQueue, ListWorkflows
from casewright.simulating.intents import Span
from casewright.simulating.staff import missing_roles

WORKFLOWS = ("complaint", "inquiry", "service_request", "work_order")
MOST_AGENTS, MOST_DAYS = 5_000, 366
_HOLDER = "simulation"
_TO_NOBODY = frozenset({"file", "console"})
"""Drivers of channels that reach nobody."""


def must_be_sound(span: Span, clock: Clock) -> None:
    """Raise SimulationRefused for what cannot be simulated anywhere."""
    if not 1 <= span.agents <= MOST_AGENTS:
        raise _refused(message("a centre has from 1 to {most} agents", most=MOST_AGENTS))
    if not 1 <= span.days <= MOST_DAYS:
        raise _refused(message("from 1 to {most} days can be simulated", most=MOST_DAYS))
    if span.ends > clock.now():
        template = "its last day would end at {end}, in the future; begin earlier with --start"
        raise _refused(message(template, end=span.ends))


def must_reach_nobody(config: Config) -> None:
    """Raise SimulationRefused where something would reach people or other systems, during the simulation or after it."""
    for one in config.channels.values():
        if one.driver not in _TO_NOBODY:
            template = (
                "the channel '{channel}' reaches people (driver '{driver}'), and a worker would tell them of invented tickets;"
                " simulate in a workspace of its own: --into NEW_FOLDER"
            )
            raise _refused(message(template, channel=one.name, driver=one.driver))
    if config.webhooks:
        template = (
            "the webhook '{webhook}' tells another system of every event; simulate in a workspace of its own:"
            " --into NEW_FOLDER"
        )
        raise _refused(message(template, webhook=min(config.webhooks)))


def must_be_fit(desk: Desk, span: Span, *, also_used: bool) -> list[Person]:
    """Return the staff of a workspace in which the shipped workflows can be worked; SimulationRefused, WorkerBusy.

    A workspace that has tickets is fit where it is `also_used`, and they are all older than the simulation.
    """
    current = {
        one.name for one in desk.ask_as_system(ListWorkflows(actor=SYSTEM)) if one.current
    }
    if missing := sorted(set(WORKFLOWS) - current):
        template = "the shipped workflow '{workflow}' is not published here; simulate in a new workspace: --into NEW_FOLDER"
        raise _refused(message(template, workflow=missing[0]))
    people: list[Person] = list(desk.ask_as_system(ListPeople(actor=SYSTEM)))
    if roles := missing_roles(people):
        template = "nobody here is '{role}'; simulate in a new workspace, which has all the staff: --into NEW_FOLDER"
        raise _refused(message(template, role=roles[0]))
    _must_be_unused(desk, span, also_used)
    working = desk.working()
    working.hold(_HOLDER)
    working.let_go(_HOLDER)
    return people


def _must_be_unused(desk: Desk, span: Span, also_used: bool) -> None:
    last = _last_change(desk)
    if last is None:
        return
    if not also_used:
        template = (
            "there are tickets here already, among which the simulated ones would stand; name the workspace with --into"
            " if that is what you want"
        )
        raise _refused(message(template))
    if last >= span.begins:
        template = (
            "there are tickets here that changed at {last}; begin after that with --start"
        )
        raise _refused(message(template, last=last))


def _last_change(desk: Desk) -> datetime | None:
    query = ListQueue(actor=SYSTEM, open=None, order="updated", descending=True, limit=1)
    rows = desk.ask_as_system(query).rows
    return rows[0].updated_at if rows else None


def _refused(reason: Message) -> SimulationRefused:
    return SimulationRefused(reason=reason)
