"""What a command line is made of: nouns, their verbs, and the options these take. Plain values, no behaviour."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from casewright.swift_dataclass import dataclass
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.cli.answer import Answer
    from casewright.cli.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that follows a verb: `--limit COUNT`, a flag `--open`, or in capitals an argument `TICKET`."""

    name: str
    help: str
    short: str = ""
    value: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    needed: bool = False

    @property
    def positional(self) -> bool:
        """Whether it is known by its position."""
        return not self.name.startswith("-")

    @property
    def flag(self) -> bool:
        """Whether it stands alone."""
        return not self.positional and not self.value

    @property
    def key(self) -> str:
        """The name under which `Given` keeps it."""
        return self.name.lstrip("-").replace("-", "_").lower()


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for the options of one verb."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def flag(self, key: str) -> bool:
        """Return whether the flag was given."""
        return key in self.values

    def text(self, key: str) -> str | None:
        """Return what was given last, or None."""
        return self.values[key][-1] if self.values.get(key) else None

    def needed(self, key: str) -> str:
        """Return what was given for something that the parser asks for."""
        return self.values[key][-1]

    def all(self, key: str) -> tuple[str, ...]:
        """Return everything given, in order."""
        return self.values.get(key, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing that can be done; `name` is empty where the noun alone says it."""

    name: str
    help: str
    run: "Callable[[Session, Given], Answer]"
    options: tuple[Option, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """What the verbs are about."""

    name: str
    help: str
    verbs: tuple[Verb, ...]

    def verb(self, name: str) -> Verb | None:
        """Return the verb of that name."""
        return next((verb for verb in self.verbs if verb.name == name), None)


EVERYWHERE: tuple[Option, ...] = (
    Option(name="--json", help=text("print one JSON document and nothing else")),
    Option(
        name="--lang",
        value="LANG",
        choices=("en", "zh"),
        help=text(
            "the language: en or zh (default: CASEWRIGHT_LANG, the workspace, the locale)"
        ),
    ),
    Option(
        name="--as",
        value="USER",
        help=text(
            "who acts: one of those signed in here (default: CASEWRIGHT_USER, or the last one)"
        ),
    ),
    Option(
        name="--purpose",
        value="TEXT",
        help=text("what the looks at customers' data are for; it goes on record with them"),
    ),
    Option(
        name="--workspace",
        short="-C",
        value="DIR",
        help=text("the workspace (default: the folder here, or the nearest above that is one)"),
    ),
    Option(name="--debug", help=text("show the traceback of a bug")),
    Option(name="--help", short="-h", help=text("show this help")),
)
"""Options that every command takes, wherever they stand."""

AGAIN = Option(
    name="--id", value="ID", help=text("the command's id: the same id again does nothing twice")
)
EXPECT = Option(
    name="--expect",
    value="VERSION",
    help=text("refuse if the ticket is no longer at this version"),
)
REASON = Option(name="--reason", value="TEXT", help=text("why"))
TICKET = Option(
    name="TICKET", needed=True, help=text("the ticket's key, such as CMP-2026-000042")
)
FIELDS = (
    Option(
        name="--set",
        value="NAME=VALUE",
        many=True,
        help=text("fill a field; a list is given by repeating it"),
    ),
    Option(
        name="--fields",
        value="FILE",
        help=text("fill fields from a JSON file, or from - (standard input)"),
    ),
)
"""Options that several verbs share."""

Document = Mapping[str, Any]
