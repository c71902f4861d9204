"""HTML that cannot be broken by what it says: every text becomes text, every value a value, whatever is in it."""

from html import escape

from casewright.visible import visible

_EMPTY = frozenset({"br", "input", "link", "meta"})
Attribute = str | int | bool | None


class Html(str):
    """Text that is HTML already; only this module makes it."""

    __slots__ = ()


def element(tag: str, /, *inside: Html | str | None, **attributes: Attribute) -> Html:
    """Return an element; what is inside it is shown as text unless it is `Html`.

    An attribute is written `for_` or `aria_describedby`; True stands alone, False and None are left out.
    """
    opening = f"<{tag}{''.join(map(_attribute, attributes.items()))}>"
    if tag in _EMPTY:
        return Html(opening)
    return Html(f"{opening}{joined(*inside)}</{tag}>")


def joined(*parts: Html | str | None) -> Html:
    """Return parts after each other; those that are no `Html` are shown as text."""
    return Html("".join(_shown(one) for one in parts if one is not None))


def lines(text: str) -> Html:
    """Return a text of several lines, shown as such."""
    broken = [_shown(one) for one in text.splitlines()]
    return Html("<br>".join(broken))


def typed(text: str) -> Html:
    """Return what somebody typed as the content of a text area, with every character that HTML can hold.

    A browser passes over the first line end.
    """
    return Html("\n" + escape(_holdable(text)))


def document(head: Html, body: Html, *, lang: str) -> str:
    """Return a whole document."""
    return f"<!doctype html>\n{element('html', head, body, lang=lang)}\n"


def _shown(part: Html | str) -> str:
    return part if isinstance(part, Html) else escape(visible(part))


def _attribute(pair: tuple[str, Attribute]) -> str:
    name, value = pair
    written = name.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {written}"
    return f' {written}="{escape(_holdable(str(value)))}"'


def _holdable(text: str) -> str:
    """Return a text without halves of characters, which no encoding has, and NUL, which no document may hold."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
