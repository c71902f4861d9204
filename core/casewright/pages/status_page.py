"""The page behind a signed link: how a matter stands, what was said, and what the customer can do about it."""

from collections.abc import Mapping
from datetime import datetime

from casewright.answers import CustomerSaid, StatusPage
from casewright.errors import Message, message
from casewright.pages import layout
from casewright.pages.controls import error, sentence
from casewright.pages.form_page import KEY
from casewright.pages.html import Html, element, joined, lines, typed
from casewright.texts import Texts, text

ACTION, WORDS, SURE = "action", "words", "sure"
LONGEST_WORDS = 4_000


def status_page(
    standing: StatusPage,
    texts: Texts,
    *,
    path: str,
    keys: Mapping[str, str],
    done: str = "",
    entered: str = "",
    faults: Mapping[str, Message] | None = None,
) -> str:
    """Return the page; `keys` make each action happen once, `done` names the one that was just taken.

    `faults` is what is wrong with what was `entered`, by field.
    """
    title = texts.say("How {reference} stands", reference=standing.reference)
    wrong = dict(faults or {})
    inside = [
        element("h1", title),
        _summary(texts, wrong) if wrong else None,
        element("p", texts.text(DONE[done]), class_="done", role="status")
        if done in DONE
        else None,
        _facts(standing, texts),
        _asked(standing, texts) if standing.asked else None,
        _conversation(standing, texts) if standing.said else None,
        _actions(standing, texts, path, keys, entered, wrong),
    ]
    shown = [one for one in inside if one is not None]
    return layout.page(
        texts, title, *shown, switch=layout.switch_link(texts, path), problem=bool(wrong)
    )


DONE = {
    "supplement": text("What you added has reached whoever works on it."),
    "chase": text("Whoever works on it has been told that you are waiting."),
    "withdraw": text("You have taken the matter back."),
}


def _facts(standing: StatusPage, texts: Texts) -> Html:
    rows: list[tuple[str, object]] = []
    if standing.title is not None:
        rows.append((text("Matter"), standing.title))
    rows.append((text("Where it stands"), standing.words))
    rows.append((text("Received"), standing.received_at))
    if standing.closed_at:
        rows.append((text("Completed"), standing.closed_at))
    if standing.due:
        rows.append((text("You hear from us by"), standing.due))
    entries = [
        joined(element("dt", texts.text(name)), element("dd", str(texts.value(value))))
        for name, value in rows
    ]
    return element("dl", *entries)


def _asked(standing: StatusPage, texts: Texts) -> Html:
    asked = [element("li", lines(one)) for one in standing.asked]
    return element(
        "section",
        element("h2", texts.text(text("What we need from you"))),
        element("ul", *asked),
        class_="asked",
    )


def _conversation(standing: StatusPage, texts: Texts) -> Html:
    entries = [element("li", _said(one, texts)) for one in standing.said]
    return element(
        "section",
        element("h2", texts.text(text("What was said"))),
        element("ol", *entries, class_="said"),
    )


def _said(one: CustomerSaid, texts: Texts) -> Html:
    who = texts.text(text("You") if one.by == "you" else text("We"))
    kind = texts.text(_KINDS.get(one.kind, ""))
    heading = element(
        "p", f"{who} · {_at(one.at, texts)}" + (f" · {kind}" if kind else ""), class_="help"
    )
    words = "" if one.text is None else str(texts.value(one.text))
    return joined(heading, element("p", lines(words)) if words else None)


_KINDS = {"supplement": text("addition"), "chase": text("reminder")}


def _at(moment: datetime, texts: Texts) -> str:
    return texts.moment(moment)


def _actions(
    standing: StatusPage,
    texts: Texts,
    path: str,
    keys: Mapping[str, str],
    entered: str,
    wrong: Mapping[str, Message],
) -> Html | None:
    offered = [name for name in standing.may if name in keys]
    if not offered:
        return None
    forms = [_action(name, texts, path, keys[name], entered, wrong) for name in offered]
    return element("section", element("h2", texts.text(text("What you can do"))), *forms)


def _action(
    name: str, texts: Texts, path: str, key: str, entered: str, wrong: Mapping[str, Message]
) -> Html:
    title, button = _ACTIONS[name]
    field = f"{name}-{WORDS}"
    fault = wrong.get(field)
    sure = f"{name}-{SURE}"
    return element(
        "form",
        element("h3", texts.text(title)),
        element("input", type="hidden", name=KEY, value=key),
        element("input", type="hidden", name=ACTION, value=name),
        element("label", texts.text(_ASKED[name]), for_=field),
        error(texts, field, fault),
        element(
            "textarea",
            typed(entered if fault else ""),
            id=field,
            name=WORDS,
            rows=3,
            aria_describedby=f"{field}-error" if fault else None,
            aria_invalid="true" if fault else None,
        ),
        _confirm(texts, sure, wrong.get(sure)) if name == "withdraw" else None,
        element("button", texts.text(button), type="submit"),
        method="post",
        action=f"{path}?lang={texts.lang}",
        novalidate=True,
    )


def _confirm(texts: Texts, name: str, fault: Message | None) -> Html:
    box = element(
        "input",
        type="checkbox",
        id=name,
        name=SURE,
        value="yes",
        aria_describedby=f"{name}-error" if fault else None,
        aria_invalid="true" if fault else None,
    )
    label = element(
        "label", texts.text(text("I am sure: nobody will work on it any further.")), for_=name
    )
    return joined(error(texts, name, fault), element("div", box, label, class_="option"))


_ACTIONS = {
    "supplement": (text("Add something"), text("Add")),
    "chase": (text("Tell us that you are waiting"), text("Send a reminder")),
    "withdraw": (text("Take the matter back"), text("Take it back")),
}
_ASKED = {
    "supplement": text("What would you like to add?"),
    "chase": text("Is there anything we should know? You may leave this empty."),
    "withdraw": text("Why do you take it back?"),
}


def _summary(texts: Texts, wrong: Mapping[str, Message]) -> Html:
    entries = [
        element("li", element("a", sentence(texts, fault), href=f"#{name}"))
        if name
        else element("li", sentence(texts, fault))
        for name, fault in wrong.items()
    ]
    return element(
        "div",
        element(
            "h2", texts.text(text("Something is still missing or wrong")), id="summary-title"
        ),
        element("ul", *entries),
        id="summary",
        class_="summary",
        role="alert",
        tabindex="-1",
        autofocus=True,
        aria_labelledby="summary-title",
    )


def words_fault(name: str, entered: str) -> Message | None:
    """Return what is wrong with the words of an action, or None."""
    if not entered and name in ("supplement", "withdraw"):
        return message("write something here")
    if len(entered) > LONGEST_WORDS:
        return message("write at most {limit} characters", limit=LONGEST_WORDS)
    return None
