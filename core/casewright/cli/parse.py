"""From the words of a command line to a request, or to a sentence that says what is wrong with them."""

import os
from collections.abc import Callable, Sequence

from casewright.cli.grammar import EVERYWHERE, Given, Noun, Option, Verb
from casewright.cli.nouns import NOUNS, noun
from casewright.errors import Message, UsageRefused, message
from casewright.nearest import hint
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for; noun and verb are None as far as they were not named."""

    noun: Noun | None
    verb: Verb | None
    given: Given

    @property
    def help(self) -> bool:
        """Whether help is wanted, or all that can be given."""
        return self.given.flag("help") or self.verb is None


def unknown_noun(word: str) -> Noun:
    """Refuse a word that is no noun."""
    raise _refused(message("there is no '{word}'{hint}", word=word, hint=hint(word, NOUNS)))


def parse(words: Sequence[str], further: Callable[[str], Noun] = unknown_noun) -> Request:
    """Return the request that the words make; raise `UsageRefused`.

    `further` finds a noun that is none of the core's, or refuses the word.
    """
    if not all(map(_can_be_said, words)):
        raise _refused(message("a word holds a NUL or half a character, which no text may"))
    reading = _Reading(list(words), further)
    while reading.words:
        reading.read()
    values, left = reading.filled()
    request = Request(noun=reading.noun, verb=reading.verb, given=Given(values))
    if not request.help:
        _check(request, left)
    return request


class _Reading:
    """The words not yet read, and what those before them came to."""

    def __init__(self, words: list[str], further: Callable[[str], Noun]) -> None:
        self.words = words
        self._further = further
        self.noun: Noun | None = None
        self.verb: Verb | None = None
        self._found: dict[str, list[str]] = {}
        self._arguments: list[str] = []
        self._plain = False

    def read(self) -> None:
        """Read the next word, and those that belong to it."""
        word = self.words.pop(0)
        if word == "--" and not self._plain:
            self._plain = True
        elif word.startswith("-") and word != "-" and not self._plain:
            self._option(word)
        elif self.noun is None:
            self._noun(word)
        elif self.verb is None:
            self._verb(word)
        else:
            self._arguments.append(word)

    def filled(self) -> tuple[dict[str, tuple[str, ...]], list[str]]:
        """Return what was given for each option, arguments by their position, and the arguments left over."""
        values = {key: tuple(found) for key, found in self._found.items()}
        left = self._arguments
        for option in self.verb.options if self.verb else ():
            if option.positional and left:
                taken = left if option.many else left[:1]
                left = left[len(taken) :]
                values[option.key] = tuple(taken)
        return values, left

    def _noun(self, word: str) -> None:
        self.noun = noun(word) if word in NOUNS else self._further(word)
        self.verb = self.noun.verb("")

    def _verb(self, word: str) -> None:
        assert self.noun is not None
        self.verb = self.noun.verb(word)
        if self.verb is None:
            known = [verb.name for verb in self.noun.verbs]
            raise _refused(
                message(
                    "'{noun}' has no '{word}'{hint} (it has: {known})",
                    noun=self.noun.name,
                    word=word,
                    hint=hint(word, known),
                    known=known,
                )
            )

    def _option(self, word: str) -> None:
        name, equals, value = word.partition("=")
        own = self.verb.options if self.verb else ()
        options = {
            flag: one
            for one in (*EVERYWHERE, *own)
            for flag in (one.name, one.short)
            if flag.startswith("-")
        }
        option = options.get(name)
        if option is None:
            raise _refused(
                message(
                    "there is no option '{word}' here{hint}",
                    word=name,
                    hint=hint(name, options),
                )
            )
        if option.flag and equals:
            raise _refused(message("{name} takes no value", name=option.name))
        if not option.flag and not equals:
            if not self.words or self.words[0].partition("=")[0] in options:
                raise _refused(
                    message(
                        "{name} needs a value: {help}",
                        name=option.name,
                        help=message(option.help),
                    )
                )
            value = self.words.pop(0)
        self._keep(option, value)

    def _keep(self, option: Option, value: str) -> None:
        _must_be_a_choice(option, value)
        found = self._found.setdefault(option.key, [])
        if found and not option.many and not option.flag:
            raise _refused(message("{name} is given twice", name=option.name))
        found.append(value)


def _can_be_said(word: str) -> bool:
    """Return whether an operating system could have handed the word over, and would take it as a file's name."""
    try:
        return b"\0" not in os.fsencode(word)
    except UnicodeEncodeError:
        return False


def _check(request: Request, left: Sequence[str]) -> None:
    if left:
        raise _refused(message("'{word}' is one argument too many", word=left[0]))
    for option in request.verb.options if request.verb else ():
        if option.needed and option.key not in request.given.values:
            what = message(option.help)
            raise _refused(message("{name} is missing: {help}", name=option.name, help=what))
        if option.positional:
            for value in request.given.all(option.key):
                _must_be_a_choice(option, value)


def _must_be_a_choice(option: Option, value: str) -> None:
    if option.choices and value not in option.choices:
        raise _refused(
            message(
                "{name} is one of: {known}{hint}",
                name=option.name,
                known=option.choices,
                hint=hint(value, option.choices),
            )
        )


def _refused(reason: Message) -> UsageRefused:
    return UsageRefused(reason=reason)
