"""`casewright plugin check`: the laws that every plugin keeps, tried on one that is installed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given
from casewright.cli.output import columns_here, pad, width, wrap
from casewright.cli.session import Session
from casewright.errors import CasewrightError, NotFound, message
from casewright.nearest import hint
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.testing.laws.trying import Verdict

_HOLDS, _BROKEN = text("holds"), text("broken")
_NARROWEST = 24


def check(session: Session, given: Given) -> Answer:
    """Answer with each law, and where the plugin breaks it; not done when one is broken."""
    from casewright.plugins.finding import installed
    from casewright.testing.laws.trying import verdicts

    name, texts, known = given.needed("name"), session.texts, installed()
    if name not in known:
        raise NotFound(kind=message("plugin"), name=name[:80], hint=hint(name, known))
    found = list(verdicts(name, _section(session, name)))
    broken = sum(bool(one.broken) for one in found)
    loads = len(found) > 1
    documents = [
        {
            "law": one.law.name,
            "kept": not one.broken,
            "message": texts.text(one.law.sentence),
            "broken": _faults(texts, one),
        }
        for one in found
    ]
    template = "{plugin}: laws that hold: {kept}; laws that are broken: {broken}."
    note = (
        texts.say(template, plugin=name, kept=len(found) - broken, broken=broken)
        if loads
        else texts.say("{plugin} does not load; no other law was tried.", plugin=name)
    )
    return Answer(
        document={"plugin": name, "ok": not broken, "laws": documents},
        lines=_lines(session, found),
        notes=[note],
        done=not broken,
    )


def _section(session: Session, name: str) -> Mapping[str, object]:
    """Return the plugin's settings in the workspace here; none where there is no workspace, or it has none."""
    try:
        return session.config.plugins.sections.get(name, {})
    except CasewrightError:
        return {}


def _faults(texts: Texts, verdict: "Verdict") -> list[str]:
    """Return where a law is broken, each way of it once."""
    return list(dict.fromkeys(texts.render(one) for one in verdict.broken))


def _lines(session: Session, found: "Sequence[Verdict]") -> Iterator[str]:
    texts = session.texts
    signs = [texts.text(_BROKEN if one.broken else _HOLDS) for one in found]
    wide = max(map(width, signs))
    room = max((columns_here() or 96) - wide - 2, _NARROWEST)
    for one, sign in zip(found, signs, strict=True):
        said = [
            texts.text(one.law.sentence),
            *(f"- {each}" for each in _faults(texts, one)),
        ]
        lines = [line for each in said for line in wrap(each, room)]
        yield f"{pad(sign, wide)}  {lines[0]}"
        yield from (" " * (wide + 2) + line for line in lines[1:])
