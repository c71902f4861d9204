"""One field of a form as a control: what it is called, what helps to fill it in, what is wrong with it, in that order."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from casewright.bilingual import Bilingual
from casewright.errors import Message
from casewright.forms.spec import Field, Form
from casewright.pages import conditions
from casewright.pages.html import Attribute, Html, element, joined, typed
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts, text

RADIOS = 6
"""So many choices are all seen at once; more are folded into a list."""
_AUTOCOMPLETE = {"phone": "tel", "email": "email", "name": "name", "tel": "tel"}
_TYPES = {"phone": "tel", "date": "date", "date-time": "datetime-local"}
_FORMATS = {"email": "email", "uri": "url", "date": "date", "date-time": "datetime-local"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What controls are made of: the form, the rows of its tables, what was typed and what is wrong, in one language.

    `fields` are those that are asked, `sender` says which of them tell what of the sender, by field.
    """

    form: Form
    texts: Texts
    tables: Mapping[str, Mapping[str, Bilingual]] = field(default_factory=dict)
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, Message] = field(default_factory=dict)
    sender: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    def first(self, name: str) -> str:
        """Return what was typed into a field of one value."""
        return next(iter(self.typed.get(name, ())), "")


def control(asked: Asked, name: str) -> Html:
    """Return a field with all that belongs to it."""
    field = asked.form.fields[name]
    parts = _group(asked, field) if _as_group(field) else _single(asked, field)
    return element(
        "div",
        parts,
        class_="field wrong" if name in asked.faults else "field",
    )


def anchor(asked: Asked, name: str) -> str:
    """Return the id that a link of the summary leads to: the control, or the first of several."""
    field = asked.form.fields.get(name)
    grouped = field is not None and _as_group(field) and _options(asked, field)
    return f"{name}-0" if grouped else name


def error(texts: Texts, name: str, wrong: Message | None) -> Html | None:
    """Return what is wrong with a field, said to be an error to those who do not see it."""
    if wrong is None:
        return None
    prefix = element("span", texts.text(text("Error: ")), class_="unseen")
    return element("p", prefix, sentence(texts, wrong), class_="error", id=f"{name}-error")


def sentence(texts: Texts, said: Message) -> str:
    """Return a fault as a sentence: with a capital and a full stop."""
    rendered = texts.render(said)
    end = "" if rendered[-1:] in ".?!。？！" else ("。" if texts.lang == "zh" else ".")
    return rendered[:1].upper() + rendered[1:] + end


def _single(asked: Asked, field: Field) -> Html:
    title = element("label", *_title(asked, field), for_=field.name)
    if field.kind == "boolean":
        box = element(
            "input",
            type="checkbox",
            value="yes",
            checked=bool(asked.first(field.name)),
            **_about(asked, field),
        )
        return joined(element("div", box, title, class_="option"), *_below(asked, field))
    return joined(title, *_below(asked, field), _entry(asked, field))


def _entry(asked: Asked, field: Field) -> Html:
    about = _about(asked, field)
    if _options(asked, field):
        return _list(asked, field, about)
    if field.widget == "long" or field.kind == "texts":
        said = "\n".join(asked.typed.get(field.name, ()))
        return element("textarea", typed(said), rows=3 if field.kind == "texts" else 6, **about)
    return element(
        "input",
        type=_type(field),
        value=asked.first(field.name),
        inputmode=_keyboard(field),
        **about,
    )


def _list(asked: Asked, field: Field, about: Mapping[str, Attribute]) -> Html:
    chosen = asked.first(field.name)
    empty = element(
        "option", asked.texts.text(text("Please choose")), value="", selected=not chosen
    )
    options = [
        element("option", label, value=value, selected=value == chosen)
        for value, label in _options(asked, field).items()
    ]
    return element("select", empty, *options, **about)


def _group(asked: Asked, field: Field) -> Html:
    several = field.kind == "texts"
    chosen = asked.typed.get(field.name, ())
    options = []
    for number, (value, label) in enumerate(_options(asked, field).items()):
        id_ = f"{field.name}-{number}"
        box = element(
            "input",
            type="checkbox" if several else "radio",
            id=id_,
            name=field.name,
            value=value,
            checked=value in chosen,
            aria_describedby=_described(asked, field) if number == 0 else None,
        )
        options.append(element("div", box, element("label", label, for_=id_), class_="option"))
    return element(
        "fieldset",
        element("legend", *_title(asked, field)),
        *_below(asked, field),
        *options,
        role=None if several else "radiogroup",
        aria_required=None if several else _truth(field.required),
        aria_invalid=None if several else _truth(field.name in asked.faults),
    )


def _title(asked: Asked, field: Field) -> list[Html | str]:
    title = field.title.of(asked.texts.lang)
    if field.required or field.kind == "boolean":
        return [title]
    return [
        title,
        " ",
        element("span", asked.texts.text(text("(optional)")), class_="optional"),
    ]


def _below(asked: Asked, field: Field) -> list[Html | None]:
    hints = _hints(asked, field)
    said = (
        element("p", " ".join(hints), class_="help", id=f"{field.name}-help") if hints else None
    )
    return [said, error(asked.texts, field.name, asked.faults.get(field.name))]


def _hints(asked: Asked, field: Field) -> list[str]:
    texts = asked.texts
    needs = conditions.needed_when(asked.form, field.name)
    needed = conditions.told(asked.form, needs, texts.lang)
    hints = [
        field.help.of(texts.lang) if field.help else "",
        texts.render(needed) if needed else "",
    ]
    if field.kind == "texts" and not _options(asked, field):
        hints.append(texts.text(text("One on each line.")))
    return [one for one in hints if one]


def _about(asked: Asked, field: Field) -> dict[str, Attribute]:
    return {
        "id": field.name,
        "name": field.name,
        "autocomplete": _AUTOCOMPLETE.get(asked.sender.get(field.name, ""), None),
        "aria_describedby": _described(asked, field),
        "aria_required": _truth(field.required),
        "aria_invalid": _truth(field.name in asked.faults),
    }


def _described(asked: Asked, field: Field) -> str | None:
    named = [f"{field.name}-help"] if _hints(asked, field) else []
    named += [f"{field.name}-error"] if field.name in asked.faults else []
    return " ".join(named) or None


def _truth(value: bool) -> str | None:
    return "true" if value else None


def _type(field: Field) -> str:
    return _TYPES.get(field.widget or "") or _FORMATS.get(field.format or "", "text")


def _keyboard(field: Field) -> str | None:
    return {"integer": "numeric", "decimal": "decimal"}.get(field.kind)


def _as_group(field: Field) -> bool:
    if field.kind == "texts":
        return bool(field.choices or field.lookup)
    return bool(field.choices) and (
        field.widget == "radio" or (field.required and len(field.choices) <= RADIOS)
    )


def _options(asked: Asked, field: Field) -> Mapping[str, str]:
    lang = asked.texts.lang
    if field.lookup is not None:
        return {
            key: label.of(lang) for key, label in asked.tables.get(field.lookup, {}).items()
        }
    return {value: field.label(value, lang) for value in field.choices}
