"""Articles and their versions in the plugin's tables."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from json import dumps, loads
from typing import Any

from casewright import Store
from casewright_knowledge.article import RESTRICTED, Content, content_of, to_data
from casewright_knowledge.ranking import Terms

AT_ONCE = 500
"""Values that one statement names at most."""
_ARTICLE = "article, owner, state, version, visible, published_at, looked_at, review_due, used, last_used, helped, not_helped"
_BESIDE = "|"
"""What stands before and after each role that may read an article: in no role's name."""
_VERSION = "article, version, at, by, digest, note, valid_from, valid_until, content, terms"


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as it stands; `version` 0 was never published. Moments are numbers, 0 for never."""

    article: str
    owner: str
    state: str
    version: int
    visible: int
    published_at: int
    looked_at: int
    review_due: int
    used: int
    last_used: int
    helped: int
    not_helped: int


@dataclass(frozen=True, kw_only=True)
class StoredVersion:
    """A version of an article: who published it and when, from when until when it holds, and as they are stored what it says
    and the terms it is found by, of which most are never looked at.
    """

    article: str
    version: int
    at: int
    by: str
    digest: str
    note: str
    valid_from: str
    valid_until: str
    said: str
    found_by: str

    @cached_property
    def content(self) -> Content:
        """What it says."""
        return content_of(loads(self.said))

    @cached_property
    def terms(self) -> Terms:
        """The terms it is found by."""
        title, labels, text, length = loads(self.found_by)
        return Terms(parts=(title, labels, text), length=length)

    def holds(self, today: date) -> bool:
        """Return whether it is valid on a day."""
        day = today.isoformat()
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_until or day <= self.valid_until
        )


def made(
    article: str, number: int, *, at: int, by: str, note: str, content: Content, terms: Terms
) -> StoredVersion:
    """Return a version as it is stored."""
    return StoredVersion(
        article=article,
        version=number,
        at=at,
        by=by,
        digest=content.digest,
        note=note,
        valid_from=content.valid_from,
        valid_until=content.valid_until,
        said=dumps(to_data(content), ensure_ascii=False),
        found_by=written(terms),
    )


def article(store: Store, key: str) -> Stored | None:
    """Return an article by its ticket's key."""
    rows = store.execute(f"SELECT {_ARTICLE} FROM knowledge_article WHERE article = ?", (key,))
    return Stored(*rows[0]) if rows else None


def articles(store: Store, keys: Sequence[str]) -> dict[str, Stored]:
    """Return those articles that there are, by key."""
    found: dict[str, Stored] = {}
    for part in _parts(keys):
        marks = ", ".join("?" * len(part))
        sql = f"SELECT {_ARTICLE} FROM knowledge_article WHERE article IN ({marks})"
        found |= {row[0]: Stored(*row) for row in store.execute(sql, part)}
    return found


def published(store: Store, after: str, limit: int) -> list[Stored]:
    """Return the published articles after a key, in the order of their keys."""
    rows = store.execute(
        f"SELECT {_ARTICLE} FROM knowledge_article WHERE visible = 1 AND article > ? ORDER BY article LIMIT ?",
        (after, limit),
    )
    return [Stored(*row) for row in rows]


def follow(store: Store, key: str, *, owner: str, state: str, review_due: int) -> None:
    """Take over how an article's ticket stands."""
    store.execute(
        f"INSERT INTO knowledge_article ({_ARTICLE}, readers, category, valid_until)"
        " VALUES (?, ?, ?, 0, 0, 0, 0, ?, 0, 0, 0, 0, '', '', '')"
        " ON CONFLICT (article) DO UPDATE SET owner = excluded.owner, state = excluded.state,"
        " review_due = excluded.review_due",
        (key, owner, state, review_due),
    )


def publish(store: Store, key: str, content: Content, *, version: int, at: int) -> None:
    """Let an article be seen in a version, which was looked at now."""
    restricted = content.audience == RESTRICTED
    store.execute(
        "UPDATE knowledge_article SET version = ?, visible = 1, published_at = ?, looked_at = ?, readers = ?, category = ?,"
        " valid_until = ? WHERE article = ?",
        (
            version,
            at,
            at,
            _BESIDE.join(("", *content.roles, "")) if restricted else "",
            content.category,
            content.valid_until,
            key,
        ),
    )


def readable_by(roles: Collection[str], *, all_of_them: bool) -> tuple[str, list[Any]]:
    """Return the condition that an article is published and somebody with these roles may read it, and its values."""
    if all_of_them:
        return "visible = 1", []
    each = ["readers = ''", *("instr(readers, ?) > 0" for _ in roles)]
    values = [f"{_BESIDE}{one}{_BESIDE}" for one in sorted(roles)]
    return f"visible = 1 AND ({' OR '.join(each)})", values


def listed(
    store: Store,
    condition: str,
    values: Sequence[Any],
    *,
    order: str,
    limit: int,
    after: int = 0,
) -> list[Stored]:
    """Return the articles that meet a condition, in an order."""
    rows = store.execute(
        f"SELECT {_ARTICLE} FROM knowledge_article WHERE {condition} ORDER BY {order}, article LIMIT ? OFFSET ?",
        (*values, limit, after),
    )
    return [Stored(*row) for row in rows]


def look_at(store: Store, key: str, at: int) -> None:
    """Note that an article was looked at and is right as it stands."""
    store.execute(
        "UPDATE knowledge_article SET visible = 1, looked_at = ? WHERE article = ?", (at, key)
    )


def hide(store: Store, key: str) -> None:
    """Let an article be seen no more."""
    store.execute("UPDATE knowledge_article SET visible = 0 WHERE article = ?", (key,))


def add_version(store: Store, one: StoredVersion) -> None:
    """Store another version."""
    store.execute(
        f"INSERT INTO knowledge_version ({_VERSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.article,
            one.version,
            one.at,
            one.by,
            one.digest,
            one.note,
            one.valid_from,
            one.valid_until,
            one.said,
            one.found_by,
        ),
    )


def set_terms(store: Store, key: str, version: int, terms: Terms) -> None:
    """Store the terms of a version anew: the words that mean the same are others now."""
    store.execute(
        "UPDATE knowledge_version SET terms = ? WHERE article = ? AND version = ?",
        (written(terms), key, version),
    )


def version(store: Store, key: str, number: int) -> StoredVersion | None:
    """Return a version of an article."""
    found = versions(store, {key: number})
    return found.get(key)


def versions(store: Store, wanted: Mapping[str, int]) -> dict[str, StoredVersion]:
    """Return one version of each article that is named, by key."""
    found: dict[str, StoredVersion] = {}
    for part in _parts(list(wanted)):
        marks = ", ".join("?" * len(part))
        rows = store.execute(
            f"SELECT {_VERSION} FROM knowledge_version"
            f" WHERE article IN ({marks}) AND version IN"
            f" ({', '.join('?' * len(set(wanted[key] for key in part)))})",
            [*part, *sorted({wanted[key] for key in part})],
        )
        found |= {row[0]: _version(row) for row in rows if row[1] == wanted[row[0]]}
    return found


def history(store: Store, key: str) -> list[StoredVersion]:
    """Return all versions of an article, the newest first."""
    rows = store.execute(
        f"SELECT {_VERSION} FROM knowledge_version WHERE article = ? ORDER BY version DESC",
        (key,),
    )
    return [_version(row) for row in rows]


def written(terms: Terms) -> str:
    """Return terms as they are stored."""
    return dumps([*map(dict, terms.parts), terms.length], ensure_ascii=False)


def _version(row: Sequence[Any]) -> StoredVersion:
    key, number, at, by, digest, note, begins, ends, said, found_by = row
    return StoredVersion(
        article=key,
        version=number,
        at=at,
        by=by,
        digest=digest,
        note=note,
        valid_from=begins,
        valid_until=ends,
        said=said,
        found_by=found_by,
    )


def _parts(keys: Iterable[str]) -> Iterable[list[str]]:
    listed = list(keys)
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))
