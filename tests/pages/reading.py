"""Pages read as a browser and a screen reader read them: elements, names of controls, what describes them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

EMPTY = {"br", "input", "link", "meta"}
CONTROLS = {"input", "select", "textarea", "button"}


@dataclass(eq=False)
class Element:
    """An element of a page, with what is inside it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is read of it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, *tags: str) -> "list[Element]":
        """Return the elements inside it with one of these names, or all."""
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                found += [one] if not tags or one.tag in tags else []
                found += one.all(*tags)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", {})

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attributes}, self.at)
        self.at.inside.append(made)
        if tag not in EMPTY:
            self.at = made

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def read(page: str) -> Element:
    """Return a page's root; each element is closed by its own end."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.at is reader.root
    return reader.root


def by_id(root: Element) -> dict[str, Element]:
    """Return the elements with an id; no two have the same."""
    named = [one for one in root.all() if "id" in one.attributes]
    ids = [one.attributes["id"] for one in named]
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    return dict(zip(ids, named, strict=True))


def name_of(root: Element, control: Element) -> str:
    """Return how a control is announced."""
    if control.tag == "button":
        return control.text.strip()
    labels = [
        one
        for one in root.all("label")
        if one.attributes.get("for") == control.attributes.get("id")
    ]
    return " ".join(one.text for one in labels).strip()


def faults_of_access(page: str) -> list[str]:
    """Return what would keep somebody from using a page who does not see it or uses no mouse."""
    root = read(page)
    ids, found = by_id(root), []
    html = root.all("html")[0]
    if not html.attributes.get("lang"):
        found.append("the page does not say its language")
    if len(root.all("h1")) != 1 or len(root.all("main")) != 1 or not root.all("title")[0].text:
        found.append("the page has no one heading, main part and title")
    for one in root.all(*CONTROLS):
        if one.attributes.get("type") != "hidden" and not name_of(root, one):
            found.append(f"a control has no name: {one.attributes}")
    for one in root.all():
        for said in ("aria-describedby", "aria-labelledby", "for"):
            for target in one.attributes.get(said, "").split():
                if target not in ids:
                    found.append(f"{said} leads nowhere: {target}")
        if one.tag == "a" and one.attributes.get("href", "").startswith("#"):
            if one.attributes["href"][1:] not in ids:
                found.append(f"a link leads nowhere: {one.attributes['href']}")
        if one.tag == "fieldset" and not one.all("legend"):
            found.append("a group has no name")
        if one.tag in ("script", "style", "img", "iframe", "object"):
            found.append(f"a <{one.tag}>")
        if any(name.startswith("on") or name == "style" for name in one.attributes):
            found.append(f"something of a page runs: {one.attributes}")
    levels = [int(one.tag[1]) for one in root.all("h1", "h2", "h3", "h4")]
    if any(after - before > 1 for before, after in pairwise(levels)):
        found.append(f"headings leave out a level: {levels}")
    return found
