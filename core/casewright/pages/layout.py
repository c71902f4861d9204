"""The frame of every page for customers: head, language switch, main part; nothing in it comes from another host."""

from casewright.pages.html import Html, document, element, joined
from casewright.texts import Texts, text

STYLE = "/f/style.css"
OTHER = {"en": "zh", "zh": "en"}
_NAMES = {"en": "English", "zh": "中文"}
_TAGS = {"en": "en", "zh": "zh-Hans"}
_SKIP = text("Skip to the content")


def page(
    texts: Texts, title: str, *inside: Html, switch: Html | None = None, problem: bool = False
) -> str:
    """Return a page; `switch` leads to it in the other language. With a `problem` its title says so first."""
    heading = texts.say("Error: {title}", title=title) if problem else title
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", heading),
        element("link", rel="stylesheet", href=STYLE),
    )
    skip = element("a", texts.text(_SKIP), class_="skip", href="#main")
    language = (
        element("nav", switch, aria_label=texts.text(text("Language"))) if switch else None
    )
    main = element("main", *inside, id="main", tabindex="-1")
    body = element("body", skip, element("header", language), main)
    return document(head, body, lang=_TAGS[texts.lang])


def switch_link(texts: Texts, path: str) -> Html:
    """Return the link to the same page in the other language."""
    other = OTHER[texts.lang]
    return element(
        "a",
        _NAMES[other],
        href=f"{path}?lang={other}",
        lang=_TAGS[other],
        hreflang=_TAGS[other],
    )


def switch_button(texts: Texts, form: str) -> Html:
    """Return the button that shows a form in the other language, with all that was typed."""
    other = OTHER[texts.lang]
    return element(
        "button",
        _NAMES[other],
        type="submit",
        form=form,
        name="switch_to",
        value=other,
        class_="quiet",
        lang=_TAGS[other],
    )


def plain(texts: Texts, title: str, *sentences: str, switch: Html | None = None) -> str:
    """Return a page of a heading and a few sentences."""
    said = joined(*(element("p", one) for one in sentences))
    return page(texts, title, element("h1", title), said, switch=switch)
