"""What `--help` says, from the same tables that the parser reads."""

from collections.abc import Iterator, Mapping, Sequence

from casewright.cli.grammar import EVERYWHERE, Noun, Option, Verb
from casewright.cli.nouns import NOUNS
from casewright.cli.output import columns_here, pad, width, wrap
from casewright.texts import Texts

_WIDEST = 96
_NARROWEST = 48
_COLUMN = 26


def help_lines(
    noun: Noun | None,
    verb: Verb | None,
    texts: Texts,
    *,
    more: str = "",
    nouns: Mapping[str, tuple[str, str]] = NOUNS,
    everywhere: Sequence[Option] = EVERYWHERE,
) -> Iterator[str]:
    """Yield the help for the whole, for a noun, or for a verb.

    `more` is said below the `nouns`; `everywhere` are the options that every command takes.
    """
    if noun is None:
        yield from _whole(texts, more, nouns, everywhere)
    elif verb is None:
        yield from _noun(noun, texts)
    else:
        yield from _verb(noun, verb, texts, everywhere)


def usage(noun: Noun, verb: Verb) -> str:
    """Return how the verb is written, with its arguments and what it cannot do without."""
    parts = ["casewright", noun.name, verb.name]
    for option in verb.options:
        written = option.name if option.positional else f"{option.name} {option.value}".rstrip()
        if option.positional or option.needed:
            shown = f"{written}..." if option.many else written
            parts.append(shown if option.needed else f"[{shown}]")
    return " ".join([*filter(None, parts), "[...]"] if _has_more(verb) else filter(None, parts))


def flags(option: Option) -> str:
    """Return an option as it is written, with its short form and its value."""
    value = f" {option.value}" if option.value else ""
    repeated = "..." if option.many and not option.positional else ""
    return ", ".join(filter(None, (option.short, option.name))) + value + repeated


def _room() -> int:
    return max(_NARROWEST, min(columns_here() or _WIDEST, _WIDEST))


def _whole(
    texts: Texts,
    more: str,
    nouns: Mapping[str, tuple[str, str]],
    everywhere: Sequence[Option],
) -> Iterator[str]:
    yield from wrap(
        texts.text(
            "casewright runs a back office's tickets through workflows written in YAML."
        ),
        _room(),
    )
    yield ""
    yield texts.text("Usage: casewright NOUN VERB [options]")
    yield ""
    yield from _rows([(name, help) for name, (_, help) in nouns.items()], texts)
    yield from wrap(more, _room()) if more else ()
    yield ""
    yield texts.text("Options that every command takes:")
    yield from _options(everywhere, texts)
    yield from _rows([("--version", texts.text("print the version"))], texts)
    yield ""
    yield texts.text("Each noun and each verb has its own --help.")
    yield from wrap(
        texts.text("Exit codes: 0 done, 1 refused or problems found, 2 wrong usage, 70 a bug."),
        _room(),
    )


def _noun(noun: Noun, texts: Texts) -> Iterator[str]:
    yield from wrap(
        texts.say("casewright {noun}: {help}", noun=noun.name, help=texts.text(noun.help)),
        _room(),
    )
    yield ""
    yield from _rows([(verb.name, verb.help) for verb in noun.verbs], texts)
    yield ""
    yield texts.say("`casewright {noun} VERB --help` says more about each.", noun=noun.name)


def _verb(noun: Noun, verb: Verb, texts: Texts, everywhere: Sequence[Option]) -> Iterator[str]:
    yield from wrap(texts.say("Usage: {usage}", usage=usage(noun, verb)), _room())
    yield ""
    sentence = texts.text(verb.help)
    yield from wrap(
        sentence[0].upper() + sentence[1:] + ("。" if texts.lang == "zh" else "."), _room()
    )
    if verb.more:
        yield from wrap(texts.text(verb.more), _room())
    if verb.options:
        yield ""
        yield from _options(verb.options, texts)
    yield ""
    yield texts.text("Options that every command takes:")
    yield from _options(everywhere, texts)


def _options(options: Sequence[Option], texts: Texts) -> Iterator[str]:
    yield from _rows([(flags(option), option.help) for option in options], texts)


def _rows(rows: Sequence[tuple[str, str]], texts: Texts) -> Iterator[str]:
    for name, help in rows:
        lines = wrap(texts.text(help), _room() - _COLUMN - 2)
        if width(name) > _COLUMN - 2:
            yield f"  {name}"
            name = ""
        yield f"  {pad(name, _COLUMN)}{lines[0]}"
        yield from (" " * (_COLUMN + 2) + line for line in lines[1:])


def _has_more(verb: Verb) -> bool:
    return any(not option.positional and not option.needed for option in verb.options)
