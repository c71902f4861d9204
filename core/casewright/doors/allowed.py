"""Which words may be said through a door: what is not listed here touches the server's machine, or has not been judged yet."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from casewright.cli import grammar
from casewright.cli.grammar import Noun, Option, Verb
from casewright.cli.nouns import NOUNS
from casewright.cli.parse import Request
from casewright.errors import UsageRefused, message

VERBS: Mapping[str, tuple[str, ...]] = {
    "tui": ("",),
    "my": ("",),
    "ticket": (
        "open", "fire", "undo", "vote", "assign", "edit", "withdraw", "merge", "reopen", "hand-over", "comment", "contact",
        "watch", "link", "escalate", "supervise", "remind", "explain", "extend", "grant-extension", "deny-extension",
        "answer-supervision", "reply", "list", "show", "actions", "history", "reveal",
    ),
    "board": ("",),
    "workflow": ("list", "show", "approve", "refuse", "withdraw", "publications", "publication"),
    "form": ("show",),
    "calendar": ("show", "due", "elapsed"),
    "whoami": ("",),
    "user": (
        "add", "edit", "disable", "passwd", "totp", "token", "key", "absent", "back", "list", "show",
    ),
    "customer": (
        "add", "show", "find", "list", "merge", "contact", "contacts", "resolve", "erase", "erasures",
    ),
    "notice": ("list", "show", "take", "refuse", "retry", "release"),
    "announcement": ("publish", "list", "show", "read", "readers", "withdraw"),
    "timer": ("list",),
    "plugin": ("list", "enable", "disable"),
    "intake": ("list", "show", "sort", "drop"),
    "webhook": ("list", "dead", "retry"),
    "access": ("report",),
    "audit": ("verify", "checkpoints"),
}  # fmt: skip
"""By noun the verbs that only talk to the server, "" where the noun alone says it."""

VALUES = frozenset({
    "ADDRESS", "ARRIVAL", "BRAND", "CHANNEL", "CODE", "COUNT", "DIGEST", "DURATION", "FINGERPRINT", "GROUP", "HOW", "ID", "KEY", "KIND",
    "KIND=VALUE", "LANG", "LENGTH", "MONTH", "NAME", "NAME=VALUE", "NOTICE", "NUMBER", "PERMISSION", "PUBLIC",
    "QUEUE", "REASON", "ROLE", "STATE", "TAG", "TEAM", "TEXT", "TICKET", "TIER", "TIME", "USER", "VERSION", "WAY",
    "WORDS", "YEAR",
})  # fmt: skip
"""What an option's value may be, as its help calls it; files and folders are not among them."""

ARGUMENTS = frozenset({
    "ARRIVAL", "CUSTOMER", "FORM", "INTO", "KIND", "NAME", "NOTICE", "NUMBER", "OTHER", "SOUGHT", "TEXT", "TICKET", "TRANSITION",
    "USER", "WHAT", "WHICH", "WORKFLOW",
})  # fmt: skip
"""What an argument may be, as its help calls it."""

STREAMS = frozenset({
    ("ticket open", "--fields"), ("ticket fire", "--fields"), ("ticket edit", "--fields"), ("ticket reopen", "--fields"),
    ("ticket list", "--export"), ("customer list", "--export"), ("notice list", "--export"), ("access report", "--export"),
    ("intake sort", "--fields"), ("user passwd", "--password-file"), ("user key", "FILE"),
})  # fmt: skip
"""What names a file, and takes `-` for what is sent with the words, or is sent back: the verb, and the option or argument."""

NAMES = frozenset({
    ("calendar show", "NAME"), ("calendar due", "NAME"), ("calendar elapsed", "NAME"),
})  # fmt: skip
"""What elsewhere takes a name or a file, and here a name: the verb, and the argument."""

EVERYWHERE = frozenset({"--json", "--lang", "--purpose", "--help"})
"""The options of every command that may be given; who acts and in which workspace is not for the caller to say."""


def nouns() -> Mapping[str, tuple[str, str]]:
    """Return the nouns of which something may be said, as `cli.nouns` has them."""
    return {name: found for name, found in NOUNS.items() if name in VERBS}


def open_noun(noun: Noun) -> Noun:
    """Return a noun with the verbs that may be said, each with the options that may be given in some way."""
    known = VERBS.get(noun.name, ())
    verbs = (_open_verb(noun, verb) for verb in noun.verbs if verb.name in known)
    return replace(noun, verbs=tuple(verbs))


def everywhere() -> tuple[Option, ...]:
    """Return the options of every command that may be given."""
    return tuple(one for one in grammar.EVERYWHERE if one.name in EVERYWHERE)


def must_be_allowed(request: Request) -> None:
    """Raise UsageRefused for words that may not be said through a door."""
    if request.noun is None:
        return
    verbs = VERBS.get(request.noun.name, ())
    if not verbs or (request.verb is not None and request.verb.name not in verbs):
        template = "'{words}' is done on the machine of the server, not through this door"
        raise UsageRefused(reason=message(template, words=_words(request)))
    for key, values in request.given.values.items():
        option = _option(request, key)
        if not all(_may_be(request, option, value) for value in values):
            raise _closed(request, option)
        if (_words(request), option.name) in NAMES and any(map(_is_file, values)):
            template = "{name} names no file here: write the name alone"
            raise UsageRefused(reason=message(template, name=option.name))


def is_open(option: Option) -> bool:
    """Return whether an option of an allowed verb may be given, whatever its value is."""
    if option.positional:
        return option.name in ARGUMENTS
    return option.flag or option.value in VALUES


def is_stream(words: str, option: Option) -> bool:
    """Return whether an option of an allowed verb, such as `ticket list`, names a file and takes `-` for it."""
    return (words, option.name) in STREAMS


def _open_verb(noun: Noun, verb: Verb) -> Verb:
    words = f"{noun.name} {verb.name}".strip()
    kept = (one for one in verb.options if is_open(one) or is_stream(words, one))
    return replace(verb, options=tuple(kept))


def _is_file(value: str) -> bool:
    return "/" in value or "\\" in value or "." in value


def _may_be(request: Request, option: Option, value: str) -> bool:
    if option.name in _UNIVERSAL:
        return option.name in EVERYWHERE
    return is_open(option) or (is_stream(_words(request), option) and value == "-")


def _option(request: Request, key: str) -> Option:
    return next(one for one in _options(request) if one.key == key)


def _options(request: Request) -> Iterator[Option]:
    if request.verb is not None:
        yield from request.verb.options
    yield from _UNIVERSAL.values()


def _words(request: Request) -> str:
    noun, verb = request.noun, request.verb
    return f"{noun.name if noun else ''} {verb.name if verb else ''}".strip()


def _closed(request: Request, option: Option) -> UsageRefused:
    if is_stream(_words(request), option):
        template = "{name} names no file here: write -, and send or take the content itself"
        return UsageRefused(reason=message(template, name=option.name))
    template = "{name} is not for this door"
    return UsageRefused(reason=message(template, name=option.name))


_UNIVERSAL = {one.name: one for one in grammar.EVERYWHERE}
