"""An article: what its ticket's fields say, in both languages, and for whom it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

PUBLIC, STAFF, RESTRICTED = "public", "staff", "restricted"
AUDIENCES = (PUBLIC, STAFF, RESTRICTED)
LANGUAGES = ("zh", "en")
ANY = "any"
"""The label that every article has: who edits all of them seeks by it."""
_TEXTS = ("title_en", "title_zh", "body_en", "body_zh", "category", "audience")
_LISTS = ("tags", "products", "roles", "questions", "work")
_DAYS = ("valid_from", "valid_until")
FILES = "files"
FIELDS = (*_TEXTS, *_LISTS, *_DAYS)
"""The fields of an article's form that make its content; a change of any of them makes another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a version of an article says, for whom, and from when until when."""

    title_en: str = ""
    title_zh: str = ""
    body_en: str = ""
    body_zh: str = ""
    category: str = ""
    audience: str = STAFF
    tags: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    """Workflows, or states of them as `complaint.approval`, in which it is of use."""
    valid_from: str = ""
    valid_until: str = ""
    files: tuple[str, ...] = ()
    """What was attached when it was published: of each file its number, its SHA-256 and its name, a blank between them."""

    def title(self, language: str) -> str:
        """Return what it is called in a language, else in the other."""
        return self._in(language, self.title_zh, self.title_en)

    def body(self, language: str) -> str:
        """Return its text in a language, else in the other."""
        return self._in(language, self.body_zh, self.body_en)

    @property
    def labels(self) -> tuple[str, ...]:
        """What it is narrowed by in the index: for whom it is, what it is about."""
        if self.audience == RESTRICTED:
            readers = [f"role:{one}" for one in self.roles]
        else:
            readers = [self.audience]
        about = [f"category:{self.category}"] if self.category else []
        about += [f"tag:{one.casefold()}" for one in self.tags]
        about += [f"product:{one}" for one in self.products]
        return (ANY, *readers, *about)

    @property
    def digest(self) -> str:
        """The SHA-256 of what it says, by which one version is told from another."""
        return sha256(dumps(to_data(self), sort_keys=True).encode()).hexdigest()

    @staticmethod
    def _in(language: str, zh: str, en: str) -> str:
        return (zh or en) if language == "zh" else (en or zh)


def content_of(fields: Mapping[str, Any]) -> Content:
    """Return the content that the fields of an article's ticket say; what is no text counts as not there."""
    texts: dict[str, Any] = {
        name: str(fields.get(name) or "").strip() for name in (*_TEXTS, *_DAYS)
    }
    lists: dict[str, Any] = {name: _listed(fields.get(name)) for name in (*_LISTS, FILES)}
    texts["audience"] = texts["audience"] if texts["audience"] in AUDIENCES else STAFF
    return Content(**texts, **lists)


def to_data(content: Content) -> dict[str, Any]:
    """Return a content as plain data, without what is empty."""
    found = {name: getattr(content, name) for name in (*FIELDS, FILES)}
    return {
        name: list(one) if isinstance(one, tuple) else one for name, one in found.items() if one
    }


def labels_of_reader(roles: Collection[str], *, all_of_them: bool) -> Sequence[str]:
    """Return the labels of which an article has one that somebody with these roles may read."""
    return (ANY,) if all_of_them else (PUBLIC, STAFF, *(f"role:{one}" for one in sorted(roles)))


def may_read(content: Content, roles: Collection[str], *, all_of_them: bool) -> bool:
    """Return whether somebody with these roles may read it."""
    if all_of_them or content.audience != RESTRICTED:
        return True
    return not set(content.roles).isdisjoint(roles)


def _listed(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return tuple(dict.fromkeys(text for one in value if (text := str(one).strip())))
