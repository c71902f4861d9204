"""One plugin that brings everything, and does one thing wrong in one place: the animals of the zoo."""

from collections.abc import Callable, Mapping
from textwrap import dedent, indent

from casewright.commands import AssignTicket, FireTransition
from casewright.queries import Query

from .plugged_centre import PluggedCentre

BEAST = '''\
"""Brings everything, and misbehaves in {place}."""

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import ClassVar

from casewright import (
    Command, CommandHandler, Done, GuardFunction, Job, Message, Notify, Query, QueryHandler, TicketCommand, Wake,
    WorkflowAction, WorkflowWord, hookimpl, message,
)

CALLS = []


def misbehave(ticket=None, event=None, words=None, actor=None, desk=None):
{behaviour}


def quiet(ticket=None, event=None, words=None, actor=None, desk=None):
    return None


at = {{"{place}": misbehave}}.get


@dataclass(frozen=True, slots=True, kw_only=True)
class Poke(Command):
    permission: ClassVar[str] = "beast.poke"
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PokeTicket(TicketCommand):
    permission: ClassVar[str] = "beast.poke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Query):
    permission: ClassVar[str] = "beast.look"


@hookimpl
def may_fire(ticket, transition, words, actor):
    return at("may_fire", quiet)(ticket=ticket, words=words, actor=actor) if transition == "finish" else None


@hookimpl
def may_assign(ticket, handler, actor):
    return at("may_assign", quiet)(ticket=ticket, actor=handler)


@hookimpl
def after_event(ticket, event, words):
    if event.facts.get("transition") != "finish":
        return ()
    return at("after_event", quiet)(ticket=ticket, event=event, words=words) or ()


@hookimpl
def keep_event(ticket, event, desk):
    if event.facts.get("transition") != "finish":
        return None
    return at("keep_event", quiet)(ticket=ticket, desk=desk)


def act(ticket, argument, actor, now):
    return at("act", quiet)(ticket=ticket, words=argument, actor=actor) or Done()


def fits():
    found = at("beast_fits", quiet)()
    return True if found is None else found


def poke(desk, command):
    return at("Poke", quiet)(desk=desk)


def poke_ticket(desk, command):
    return at("PokeTicket", quiet)(desk=desk)


def look(desk, query):
    return at("Look", quiet)(desk=desk)


def tidy(desk):
    at("tidy", quiet)(desk=desk)


@hookimpl
def register_commands():
    return [CommandHandler(command=Poke, run=poke), CommandHandler(command=PokeTicket, run=poke_ticket)]


@hookimpl
def register_queries():
    return [QueryHandler(query=Look, run=look)]


@hookimpl
def register_words():
    return [WorkflowWord(name="zone", on=("workflow", "state", "transition"), schema={{}}, doc="A zone")]


@hookimpl
def register_actions():
    return [WorkflowAction(verb="act", schema={{}}, doc="Acts", perform=act)]


@hookimpl
def register_functions():
    return [GuardFunction(name="beast_fits", parameters=(), result="boolean", doc="Fits", call=fits)]


@hookimpl
def register_jobs():
    return [Job(name="tidy", every="1 hour", run=tidy)]
'''

ZOO = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:olga
handler: opener
start: first
zone: {deep: [1, {deeper: [2]}]}
states:
  first:
    title: {en: Open, zh: 办理中}
    transitions:
      note: {by: anyone, form: answer}
      finish: {to: closed, by: anyone, zone: [a, b]}
      act: {to: closed, by: anyone, do: [{act: {list: [1]}}]}
      fit: {to: closed, by: anyone, when: "beast_fits()"}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
"""A workflow that uses the beast's word, its action and its function, each in a way out of its own."""


def beast(place: str, behaviour: str) -> str:
    """Return the source of a plugin that does `behaviour`, the body of a function, in one place."""
    return BEAST.format(place=place, behaviour=indent(dedent(behaviour).strip(), "    "))


def _fire(transition: str) -> Callable[[PluggedCentre, str], object]:
    return lambda centre, key: centre.desk.execute(
        FireTransition(actor="ana", ticket=key, transition=transition)
    )


def _look(centre: PluggedCentre, key: str) -> object:
    query: Query = centre.member("beast", "Look")(actor="adam")
    return centre.desk.ask(query)


def _tidy(centre: PluggedCentre, key: str) -> object:
    return centre.run_job("beast", "tidy")


ACTS: Mapping[str, Callable[[PluggedCentre, str], object]] = {
    "may_fire": _fire("finish"),
    "may_assign": lambda centre, key: centre.desk.execute(
        AssignTicket(actor="ana", ticket=key, handler="ben")
    ),
    "after_event": _fire("finish"),
    "keep_event": _fire("finish"),
    "act": _fire("act"),
    "beast_fits": _fire("fit"),
    "Poke": lambda centre, key: centre.desk.execute(
        centre.member("beast", "Poke")(actor="adam")
    ),
    "PokeTicket": lambda centre, key: centre.desk.execute(
        centre.member("beast", "PokeTicket")(actor="adam", ticket=key)
    ),
    "Look": _look,
    "tidy": _tidy,
}
"""What leads to each of the beast's places."""
