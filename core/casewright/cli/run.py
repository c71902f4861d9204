"""One run from its words to its exit code: the border at which refusals are told and bugs are caught."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import partial

from casewright.bilingual import LANGUAGES
from casewright.cli import bare
from casewright.cli.answer import Answer
from casewright.cli.grammar import EVERYWHERE, Given, Noun, Option
from casewright.cli.help import help_lines
from casewright.cli.incident import incident_of, incident_sentence
from casewright.cli.noted import note_done, note_refusal
from casewright.cli.nouns import NOUNS
from casewright.cli.output import flush, print_document, print_line, show
from casewright.cli.parse import Request, parse, unknown_noun
from casewright.cli.plugin_nouns import noun_of_a_plugin, where_nouns_of_plugins_are
from casewright.cli.session import Session
from casewright.errors import CasewrightError, OutputLost, UsageRefused
from casewright.swift_dataclass import dataclass

DONE, REFUSED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 70, 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may be said where not everything may: `check` refuses a request, `shown` leaves a noun what remains of it.

    `everywhere` are the options that remain of those which every command takes.
    """

    check: Callable[[Request], None]
    shown: Callable[[Noun], Noun]
    nouns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    everywhere: Sequence[Option] = EVERYWHERE


def run(
    words: Sequence[str],
    *,
    begin: Callable[[Given], Session] = Session,
    limits: Limits | None = None,
) -> int:
    """Do what the words say, print what came of it, return the exit code."""
    session = begin(_globals(words))
    try:
        return _run(words, session, limits)
    except OutputLost as error:
        return _speechless(error, session)


def _run(words: Sequence[str], session: Session, limits: Limits | None) -> int:
    further = partial(noun_of_a_plugin, session) if limits is None else unknown_noun
    with session:
        try:
            request = parse(words, further=further)
            if limits is not None:
                limits.check(request)
            session.go_by(request.given)
            if limits is None:
                request = bare.meant(request, session)
            if request.help:
                return _help(request, session, limits)
            return _answer(request, session)
        except OutputLost:
            raise
        except CasewrightError as error:
            return _refuse(error, session)
        except KeyboardInterrupt:
            print_line(
                session.texts.text("Interrupted; what was acknowledged is kept."), sys.stderr
            )
            return INTERRUPTED
        except BrokenPipeError:
            # Whoever read our output has gone (as `head` does): nothing more can be said there.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
        except Exception as bug:  # noqa: BLE001 (the outermost border: told calmly, exit code 70)
            return _bug(bug, session)


def _answer(request: Request, session: Session) -> int:
    assert request.verb is not None
    answer: Answer = request.verb.run(session, request.given)
    if answer.done:
        note_done(request, session)
    show(answer, as_json=session.as_json)
    return DONE if answer.done else REFUSED


def _refuse(error: CasewrightError, session: Session) -> int:
    from casewright.cli.refusal import refusal_document, refusal_lines

    note_refusal(error, session)
    if session.debug and error.__cause__ is not None:
        import traceback

        traceback.print_exception(error.__cause__)
    if session.as_json:
        print_document(refusal_document(error, session.texts))
    else:
        for line in refusal_lines(error, session.texts):
            print_line(line, sys.stderr)
    return USAGE if isinstance(error, UsageRefused) else REFUSED


def _speechless(error: OutputLost, session: Session) -> int:
    # What is still in the buffer would fail once more when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(OutputLost):
        print_line(session.texts.error(error), sys.stderr)
    return REFUSED


def _bug(bug: Exception, session: Session) -> int:
    if session.debug:
        import traceback

        traceback.print_exception(bug)
    incident = incident_of(bug, session)
    sentence = incident_sentence(incident, session.texts)
    if session.as_json:
        told = {"code": "bug", "message": sentence, "incident": incident.id}
        print_document({"error": told})
    else:
        print_line(sentence, sys.stderr)
    return BUG


def _help(request: Request, session: Session, limits: Limits | None) -> int:
    wanted = request.given.flag("help") or request.noun is not None
    stream = sys.stdout if wanted else sys.stderr
    whole, noun = request.noun is None, request.noun
    more = where_nouns_of_plugins_are(session) if whole and limits is None else ""
    verb = request.verb
    nouns: Mapping[str, tuple[str, str]] = NOUNS
    everywhere: Sequence[Option] = EVERYWHERE
    if limits is not None:
        nouns, everywhere = limits.nouns, limits.everywhere
        noun = limits.shown(noun) if noun is not None else None
        verb = noun.verb(verb.name) if noun is not None and verb is not None else None
    shown = help_lines(noun, verb, session.texts, more=more, nouns=nouns, everywhere=everywhere)
    for line in shown:
        print_line(line, stream)
    flush()
    return DONE if request.given.flag("help") else USAGE


def _globals(words: Sequence[str]) -> Given:
    """Return what can be known of --json, --debug, --lang and the workspace before the words as a whole make sense."""
    found = {flag: ("",) for flag in ("json", "debug") if f"--{flag}" in words}
    for word, following in zip(words, [*words, ""][1:], strict=True):
        name, equals, value = word.partition("=")
        named = value if equals else following
        if name == "--lang" and named in LANGUAGES:
            found["lang"] = (named,)
        elif name in ("--workspace", "-C"):
            found["workspace"] = (named,)
    return Given(found)
