"""What a notice says: from its facts and the templates to a subject and a text in the recipient's language."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, tzinfo
from typing import Any

from casewright.bilingual import Bilingual
from casewright.delivery.sms_text import alphabet_of, length
from casewright.delivery.template_files import BUNDLE
from casewright.delivery.template_spec import Pair, Template, Templates
from casewright.patterns import pattern
from casewright.settings.channels import ChannelKind
from casewright.swift_dataclass import dataclass

Words = Bilingual | str
"""A text, or one for each language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one notice is about, as templates may speak of it. Empty is what does not apply."""

    number: int
    reason: str
    key: str
    title: str
    """What the ticket is about; empty for the title of its workflow."""
    state: Words
    priority: Words
    workflow: Words
    occasion: Words = ""
    """What happened, for people: a transition's title; empty for the title of the reason's template."""
    template: str = ""
    message: Words = ""
    """What the workflow's author wrote."""
    promise: Words = ""
    threshold: str = ""
    due: datetime | None = None
    stands_for: Words = ""
    """The absent person whose notice this would have been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads it: what they are called, their language, and the zone that times are told in."""

    name: str
    language: str
    zone: tzinfo
    customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The parts of an `Outgoing` that are words."""

    subject: str
    text: str
    language: str
    template_id: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""


def worded(
    templates: Templates,
    notices: Sequence[Facts],
    reader: Reader,
    kind: ChannelKind,
    *,
    signature: str = "",
) -> Wording:
    """Return what `reader` is told over a channel of `kind`: of one notice, or of several at once.

    `signature` is the channel's own, which an SMS carries where its template has none: it costs room.
    """
    if len(notices) > 1:
        template = templates[BUNDLE]
        values = _of_several(templates, notices, reader, _MOST_LINES[kind])
    else:
        template = _template_for(templates, notices[0], reader)
        values = _of_one(templates, notices[0], reader)
    if kind == "sms":
        return _by_sms(template, values, reader, signature)
    return Wording(
        subject=" ".join(_rendered(template.subject, values, reader).split()),
        text=_rendered(template.text, values, reader),
        language=reader.language,
    )


GENERIC = "generic"
"""The template of every reason that has none of its own."""
CUSTOMER = "customer"
"""The template for whoever the ticket is for, unless the author named one."""
_MOST_LINES: Mapping[ChannelKind, int] = {"sms": 3, "email": 30, "chat": 15}
"""So many notices of a bundle are told one by one; the rest are counted."""


def _template_for(templates: Templates, facts: Facts, reader: Reader) -> Template:
    """Return the template the author named, else the customer's, else the reason's, else the generic one."""
    named = templates.get(facts.template)
    if named is not None:
        return named
    if reader.customer:
        return templates[CUSTOMER]
    own = None if facts.reason == BUNDLE else templates.get(facts.reason)
    # A transition may be called like a reason; its author's own words are told in any case.
    if own is None or (facts.message and not own.text.en.speaks_of("message")):
        return templates[GENERIC]
    return own


def _of_one(templates: Templates, facts: Facts, reader: Reader) -> dict[str, Any]:
    return {
        "notice": _notice(templates, facts, reader),
        "ticket": _ticket(facts, reader),
        "person": {"name": reader.name},
    }


def _of_several(
    templates: Templates, notices: Sequence[Facts], reader: Reader, most: int
) -> dict[str, Any]:
    shown = [
        {**_notice(templates, facts, reader), "ticket": _ticket(facts, reader)}
        for facts in notices[:most]
    ]
    return {
        "notices": shown,
        "count": len(notices),
        "more": len(notices) - len(shown),
        "person": {"name": reader.name},
    }


_PERCENTAGE = pattern("[0-9]+%")


def _notice(templates: Templates, facts: Facts, reader: Reader) -> dict[str, Any]:
    occasion = facts.occasion or _template_for(templates, facts, reader).title
    return {
        "number": facts.number,
        "reason": facts.reason,
        "occasion": _said(occasion, reader),
        "promise": _said(facts.promise, reader),
        # Other steps, as `4 hours before`, are words of the workflow language, and the due time says as much.
        "threshold": facts.threshold if _PERCENTAGE.fullmatch(facts.threshold) else "",
        "due": facts.due,
        "message": _said(facts.message, reader),
        "stands_for": _said(facts.stands_for, reader),
    }


def _ticket(facts: Facts, reader: Reader) -> dict[str, str]:
    return {
        "key": facts.key,
        "title": facts.title or _said(facts.workflow, reader),
        "state": _said(facts.state, reader),
        "priority": _said(facts.priority, reader),
        "workflow": _said(facts.workflow, reader),
    }


def _said(words: Words, reader: Reader) -> str:
    return words.of(reader.language) if isinstance(words, Bilingual) else words


def _rendered(pair: Pair, values: Mapping[str, Any], reader: Reader) -> str:
    return pair.of(reader.language).render(values, zone=reader.zone).strip()


# --- SMS ---------------------------------------------------------------------------------------


_TITLE_LENGTHS = (40, 30, 24, 20, 16, 13, 10, 8, 6, 5, 4)
_BUNDLE_PARTS = 2
_MESSAGE_LENGTHS = (60, 50, 40, 32, 26, 20, 16, 13, 12, 11, 10, 9, 8, 7, 6)
_BRACKETS = "【】"


def _by_sms(
    template: Template, values: dict[str, Any], reader: Reader, channels_own: str
) -> Wording:
    sms = template.sms
    signature = sms.signature.of(reader.language)
    return Wording(
        subject="",
        text=_fitting(sms.text, values, reader, signature or channels_own),
        language=reader.language,
        template_id=sms.id.of(reader.language),
        variables={
            name: _rendered(pair, values, reader) for name, pair in sms.variables.items()
        },
        signature=signature,
    )


def _fitting(pair: Pair, values: dict[str, Any], reader: Reader, signature: str) -> str:
    """Return the text with so much of the ticket's title as costs no further part; a bundle's messages may cost a second."""
    bundle = "notices" in values
    cuts = (
        (_with_messages(values, most) for most in _MESSAGE_LENGTHS)
        if bundle
        else (_with_title(values, most) for most in _TITLE_LENGTHS)
    )
    texts = [" ".join(_rendered(pair, cut, reader).split()) for cut in cuts]
    before = f"{_BRACKETS}{signature}" if signature else ""
    fewest = max(length(before + texts[-1]).parts, _BUNDLE_PARTS if bundle else 1)
    return next(text for text in texts if length(before + text).parts <= fewest)


def _with_title(values: dict[str, Any], most: int) -> dict[str, Any]:
    ticket = values.get("ticket")
    if ticket is None:
        return values
    return {**values, "ticket": {**ticket, "title": _cut(ticket["title"], most)}}


def _with_messages(values: dict[str, Any], most: int) -> dict[str, Any]:
    notices = [{**one, "message": _cut(one["message"], most)} for one in values["notices"]]
    return {**values, "notices": notices}


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    # The one sign "…" would make an SMS that has none but letters twice as long.
    mark = "..." if alphabet_of(text) == "gsm7" else "…"
    return text[: most - len(mark)].rstrip() + mark
