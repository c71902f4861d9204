"""Whom a ticket is offered to, step by step: its queue's people, VIP agents before them, overflow behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from casewright_routing.agents import Requirement
from casewright_routing.rules import VIP, Overflow, Queue, Rules, Skills

AT_ONCE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """People who are asked when nobody of the steps before has a hand free, once the ticket has waited `after`.

    `name` is the group or queue that is overflowed to, `vip`, or "" for the queue's own people.
    """

    name: str
    requirement: Requirement
    after: timedelta = AT_ONCE


def plan(
    rules: Rules, queue: str, asked: tuple[tuple[str, int], ...], *, vip: bool
) -> tuple[Step, ...]:
    """Return the steps for the tickets of a queue that also ask for `asked`; () where the queue is unknown."""
    found = rules.queues.get(queue)
    if found is None:
        return ()
    own = _required(found, dict(asked))
    steps = []
    if vip and found.vip is not None:
        first = _joined(dict(own.skills), found.vip.skills)
        steps.append(Step(name=VIP, requirement=Requirement(first, own.teams)))
        steps += [_overflow(rules, found, own, asked, one) for one in found.vip.overflow]
    else:
        steps.append(Step(name="", requirement=own))
    steps += [_overflow(rules, found, own, asked, one) for one in found.overflow]
    return tuple(steps)


def _overflow(
    rules: Rules,
    queue: Queue,
    own: Requirement,
    asked: tuple[tuple[str, int], ...],
    overflow: Overflow,
) -> Step:
    name = "" if overflow.to == queue.name else overflow.to
    if target := rules.queues.get(overflow.to):
        requirement = _required(target, dict(asked))
    else:
        group = rules.groups[overflow.to]
        kept = {skill: level for skill, level in own.skills if skill not in group.stands_for}
        requirement = Requirement(_joined(kept, group.skills), group.teams)
    return Step(name=name, requirement=requirement, after=overflow.after)


def _required(queue: Queue, asked: Mapping[str, int]) -> Requirement:
    return Requirement(_joined(queue.skills, asked), queue.teams)


def _joined(one: Skills, other: Skills) -> tuple[tuple[str, int], ...]:
    """Return the skills of both, each at the higher of its levels."""
    names = sorted({*one, *other})
    return tuple((name, max(one.get(name, 0), other.get(name, 0))) for name in names)
