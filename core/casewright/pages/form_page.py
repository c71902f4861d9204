"""The page on which a customer fills in a form: what is wrong first, then one control after the other, then files."""

from collections.abc import Sequence

from casewright.errors import Message, message
from casewright.pages import layout
from casewright.pages.controls import Asked, anchor, control, error, sentence
from casewright.pages.html import Html, element, joined, lines
from casewright.pages.spec import Files, Page
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts, text

FORM, FILES, KEY, TRAP, KEPT = "form", "files", "form_key", "website", "kept_file"
"""The names of what a page has besides the fields of its form; a field that is called so cannot be asked."""
RESERVED = frozenset({FORM, FILES, KEY, TRAP, KEPT, "switch_to", "lang", "main", "summary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that was sent already and is kept: what it is called, and the sealed text that says so."""

    filename: str
    size: int
    sealed: str


def form_page(
    page: Page,
    asked: Asked,
    *,
    key: str,
    kept: Sequence[Kept] = (),
    wrong: Sequence[Message] = (),
) -> str:
    """Return the page; `wrong` is what is wrong besides the fields' faults, `key` what makes a form be sent once."""
    texts = asked.texts
    title = page.title.of(texts.lang)
    summary = _summary(asked, wrong)
    intro = element("p", lines(page.intro.of(texts.lang))) if page.intro else None
    inside = joined(
        element("h1", title),
        summary,
        intro,
        element("p", texts.text(_MARKED), class_="help"),
        _form(page, asked, key, kept),
    )
    switch = layout.switch_button(texts, FORM)
    return layout.page(texts, title, inside, switch=switch, problem=summary is not None)


_MARKED = text("Everything is needed except what is marked as optional.")


def _form(page: Page, asked: Asked, key: str, kept: Sequence[Kept]) -> Html:
    texts = asked.texts
    return element(
        "form",
        element("input", type="hidden", name=KEY, value=key),
        *(control(asked, name) for name in asked.fields),
        _files(page.files, asked, kept) if page.files.most else None,
        _trap(texts),
        element("button", texts.text(text("Send")), type="submit"),
        id=FORM,
        method="post",
        action=f"/f/{page.name}?lang={texts.lang}",
        enctype="multipart/form-data",
        novalidate=True,
    )


def _summary(asked: Asked, wrong: Sequence[Message]) -> Html | None:
    """Return what is wrong, each with a link to its field; it has the focus when the page comes."""
    texts = asked.texts
    named = [name for name in (*asked.fields, FILES) if name in asked.faults]
    if not (named or wrong):
        return None
    entries = [element("li", sentence(texts, one)) for one in wrong]
    entries += [
        element("li", element("a", _entry(asked, name), href=f"#{anchor(asked, name)}"))
        for name in named
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


def _entry(asked: Asked, name: str) -> str:
    texts = asked.texts
    field = asked.form.fields.get(name)
    title = field.title.of(texts.lang) if field else texts.text(_FILES)
    said = message("{field}: {fault}", field=title, fault=asked.faults[name])
    return sentence(texts, said)


_FILES = text("Files")


def _files(allowed: Files, asked: Asked, kept: Sequence[Kept]) -> Html:
    texts, wrong = asked.texts, asked.faults.get(FILES)
    hint = texts.say(
        "At most {count}, each of up to {size} MB: {types}.",
        count=allowed.most,
        size=f"{allowed.largest / 1024 / 1024:g}",
        types=", ".join(allowed.types),
    )
    described = f"{FILES}-help" + (f" {FILES}-error" if wrong else "")
    optional = element("span", texts.text(text("(optional)")), class_="optional")
    return element(
        "div",
        element("label", texts.text(_FILES), " ", optional, for_=FILES),
        element("p", hint, class_="help", id=f"{FILES}-help"),
        error(texts, FILES, wrong),
        _kept(texts, kept) if kept else None,
        element(
            "input",
            type="file",
            id=FILES,
            name=FILES,
            multiple=allowed.most > 1,
            accept=",".join(f".{one}" for one in allowed.types),
            aria_describedby=described,
            aria_invalid="true" if wrong else None,
        ),
        class_="field wrong" if wrong else "field",
    )


def _kept(texts: Texts, kept: Sequence[Kept]) -> Html:
    """Return the files that need not be chosen again; one whose box is emptied is not sent."""
    options = []
    for number, one in enumerate(kept):
        id_ = f"{KEPT}-{number}"
        box = element(
            "input", type="checkbox", id=id_, name=KEPT, value=one.sealed, checked=True
        )
        label = element("label", f"{one.filename} ({max(1, one.size // 1024)} kB)", for_=id_)
        options.append(element("div", box, label, class_="option"))
    return element("fieldset", element("legend", texts.text(text("Already here"))), *options)


def _trap(texts: Texts) -> Html:
    """Return a field that people neither see nor reach, and that programs fill in."""
    label = element("label", texts.text(text("Leave this empty")), for_=TRAP)
    box = element("input", type="text", id=TRAP, name=TRAP, tabindex="-1", autocomplete="off")
    return element("div", label, box, class_="aside", aria_hidden="true")
