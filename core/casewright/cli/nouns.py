"""Which nouns there are; each noun's own module is imported only when the noun is used."""

from importlib import import_module

from casewright.cli.grammar import Noun
from casewright.texts import text

NOUNS: dict[str, tuple[str, str]] = {
    "init": ("workspace", text("make a workspace")),
    "demo": (
        "demo",
        text("work tickets of all four workflows in a new workspace and show what happened"),
    ),
    "simulate": (
        "simulate",
        text("play a contact centre in a workspace, to try it out or to measure it"),
    ),
    "doctor": ("doctor", text("examine this installation and the workspace")),
    "tui": ("tui", text("the terminal in which tickets are worked all day")),
    "my": ("my", text("my open tickets, the one that is due first at the top")),
    "ticket": ("ticket", text("open tickets, move them on, find them")),
    "board": ("board", text("how many tickets stand where")),
    "workflow": ("workflow", text("check, publish, show and discover workflows")),
    "form": ("form", text("check and show forms")),
    "calendar": ("calendar", text("working calendars: check them, and count on them")),
    "login": ("login", text("sign in")),
    "logout": ("login", text("sign out")),
    "whoami": ("login", text("who acts here, how that is known, and what they may do")),
    "user": ("user", text("the staff")),
    "customer": ("customer", text("the customers")),
    "notice": ("notice", text("what people were told, and whether it arrived")),
    "announcement": ("announcement", text("what is announced to the staff")),
    "intake": (
        "intake",
        text("what comes in from outside: what waits, and what becomes of it"),
    ),
    "timer": ("timer", text("the moments that tickets wait for")),
    "worker": ("worker", text("fire what is due, send what is to be sent")),
    "serve": (
        "serve",
        text("own the workspace: everybody who works in it goes through this process"),
    ),
    "webhook": ("webhook", text("other systems that are told of events")),
    "plugin": ("plugin", text("what others add to casewright: list it, check it, begin one")),
    "replay": ("replay", text("run an event log through the engine")),
    "access": ("access", text("who looked at whose data, and who was refused")),
    "audit": ("audit", text("prove that histories are whole")),
    "db": ("db", text("the database")),
    "backup": ("backup", text("back the whole workspace up, while it is at work")),
    "restore": ("backup", text("make a workspace of a backup")),
    "export": ("whole", text("tell all that the workspace holds as JSON Lines")),
    "import": ("whole", text("make a workspace of such an export")),
}
"""Noun: the module that has it, and one line of help."""


def noun(name: str) -> Noun:
    """Return a noun with its verbs."""
    module = import_module(f"casewright.cli.{NOUNS[name][0]}")
    found: Noun = next(one for one in module.NOUNS if one.name == name)
    return found
