"""Who has read which version, and who was asked to."""

from collections.abc import Mapping

from casewright import SYSTEM, ListPeople, Person, PluginDesk, Store

EVERYBODY = "everybody"
KINDS = ("role", "team", "department", "queue", "user")


def staff(desk: PluginDesk) -> Mapping[str, Person]:
    """Return everybody who is on the staff, by name."""
    return {one.name: one for one in desk.ask(ListPeople(actor=SYSTEM)) if one.active}


def belongs(person: Person, who: str) -> bool:
    """Return whether somebody is of a group, such as `team:x` or `queue:x`."""
    kind, _, name = who.partition(":")
    return who == EVERYBODY or name in {
        "role": person.roles,
        "team": (person.team,),
        "department": (person.department,),
        "queue": person.queues,
        "user": (person.name,),
    }.get(kind, ())


def mark(store: Store, key: str, version: int, person: str, at: int) -> None:
    """Note that somebody has read a version; the first time counts."""
    store.execute(
        "INSERT INTO knowledge_read (article, version, person, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (article, version, person) DO NOTHING",
        (key, version, person, at),
    )


def has_read(store: Store, key: str, version: int, person: str) -> bool:
    """Return whether somebody has read a version."""
    return bool(
        store.execute(
            "SELECT 1 FROM knowledge_read WHERE article = ? AND version = ? AND person = ?",
            (key, version, person),
        )
    )


def readers(store: Store, key: str, version: int) -> dict[str, int]:
    """Return who has read a version, and when."""
    rows = store.execute(
        "SELECT person, at FROM knowledge_read WHERE article = ? AND version = ?",
        (key, version),
    )
    return {str(person): int(at) for person, at in rows}


def ask(store: Store, key: str, version: int, who: str, *, person: str, at: int) -> None:
    """Note that a group was asked to read a version."""
    store.execute(
        "INSERT INTO knowledge_asked (article, version, who, person, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (article, version, who) DO UPDATE SET person = excluded.person, at = excluded.at",
        (key, version, who, person, at),
    )


def asked(store: Store, key: str, version: int) -> list[str]:
    """Return which groups were asked to read a version."""
    rows = store.execute(
        "SELECT who FROM knowledge_asked WHERE article = ? AND version = ? ORDER BY who",
        (key, version),
    )
    return [str(row[0]) for row in rows]


def who_went_by(store: Store, key: str, since: int) -> set[str]:
    """Return who has read or used any version of an article since a moment."""
    rows = store.execute(
        "SELECT person FROM knowledge_read WHERE article = ? AND at >= ?"
        " UNION SELECT person FROM knowledge_use WHERE article = ? AND at >= ?",
        (key, since, key, since),
    )
    return {str(row[0]) for row in rows}


def announced(store: Store, key: str) -> list[int]:
    """Return the numbers of what is announced of an article."""
    rows = store.execute("SELECT number FROM knowledge_announced WHERE article = ?", (key,))
    return [int(row[0]) for row in rows]


def announce(store: Store, key: str, number: int) -> None:
    """Note that something is announced of an article."""
    store.execute(
        "INSERT INTO knowledge_announced (article, number) VALUES (?, ?)", (key, number)
    )


def announce_no_more(store: Store, key: str) -> None:
    """Forget what was announced of an article."""
    store.execute("DELETE FROM knowledge_announced WHERE article = ?", (key,))
