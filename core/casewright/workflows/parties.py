"""Who is meant: `handler`, `role:x`, `user:x`, `lineage.approvers` or `=expression`, read into a `Party`."""

from collections.abc import Iterable

from casewright.errors import Message, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.workflows.spec import Party, PartyKind, Who
from casewright.workflows.words import LINEAGE_RELATIONS, RELATIONS

NAME = pattern(r"[a-z][a-z0-9_]*")
"""Names that authors choose: of workflows, states, transitions, fields, roles."""

NOBODY = "nobody"
"""The word that takes the handler away in `assign`."""

_USER = pattern(r"[A-Za-z0-9][A-Za-z0-9_.@-]*")
_LINEAGE = "lineage."


def party(text: str) -> Party:
    """Return who `text` names; `fault` has found nothing wrong with it."""
    if text.startswith("="):
        return Party("expression", text[1:])
    if text.startswith(_LINEAGE):
        return Party("lineage", text.removeprefix(_LINEAGE))
    kind, colon, name = text.partition(":")
    if colon:
        return Party("role" if kind == "role" else "user", name)
    return Party("relation", text)


def who(data: str | Iterable[str] | None) -> Who:
    """Return those named by one text or a list of texts; nobody for None and for `nobody`."""
    if data is None:
        return ()
    texts = [data] if isinstance(data, str) else data
    return tuple(party(text) for text in texts if text != NOBODY)


def fault(
    text: object, *, kinds: frozenset[PartyKind], also: tuple[str, ...] = ()
) -> Message | None:
    """Return why `text` names nobody of the allowed `kinds`, or None; `also` are further words allowed."""
    if not isinstance(text, str) or not text:
        return message("name somebody: handler, owner, team_lead, role:x, user:x")
    if text.startswith("="):
        return (
            None
            if "expression" in kinds
            else message("no expression may stand here; name a relation, role:x or user:x")
        )
    if text.startswith(_LINEAGE):
        return _lineage_fault(text, kinds)
    kind, colon, name = text.partition(":")
    if colon:
        return _prefixed_fault(text, kind, name)
    known = (*RELATIONS, *also)
    if text in known:
        return None
    hinted = hint(text, known)
    if hinted.text:
        return message("'{word}' is nobody{hint}", word=text, hint=hinted)
    return message(
        "'{word}' is nobody; a role is written 'role:{word}', a person 'user:{word}'", word=text
    )


def _lineage_fault(text: str, kinds: frozenset[PartyKind]) -> Message | None:
    if "lineage" not in kinds:
        return message("'{word}' may only be excepted or excluded", word=text)
    if text in LINEAGE_RELATIONS:
        return None
    return message("'{word}' is nobody{hint}", word=text, hint=hint(text, LINEAGE_RELATIONS))


def _prefixed_fault(text: str, kind: str, name: str) -> Message | None:
    if kind not in ("role", "user"):
        return message("'{word}' is nobody{hint}", word=text, hint=hint(kind, ("role", "user")))
    if (NAME if kind == "role" else _USER).fullmatch(name):
        return None
    return message("'{name}' cannot be the name of a {kind}", name=name, kind=kind)
