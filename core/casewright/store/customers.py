"""Customers: read by id and by what they are known by, written, merged, listed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from casewright import compact_json
from casewright.clock import from_microseconds, to_microseconds
from casewright.errors import message
from casewright.model import Customer, Identity
from casewright.queries import LARGEST_PAGE, ListCustomers
from casewright.store.damage import reading
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

OF_ONE = (
    "customer IN (SELECT ? UNION ALL SELECT merged_into FROM customer WHERE id = ? AND merged_into IS NOT NULL"
    " UNION ALL SELECT id FROM customer"
    " WHERE merged_into = coalesce((SELECT merged_into FROM customer WHERE id = ?), ?))"
)
"""The condition that a row's `customer` is this one, under whichever of its ids; each parameter is the same id."""

_COLUMNS = "id, name, kind, client, tier, brand, merged_into, record"
_SAVE = (
    "INSERT INTO customer (id, name, kind, client, tier, brand, record) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, client = excluded.client,"
    " tier = excluded.tier, brand = excluded.brand, record = excluded.record RETURNING number"
)


def get(database: Database, identity: str) -> Customer | None:
    """Return the customer of that id as stored, merged or not, or None."""
    row = database.execute(
        f"SELECT {_COLUMNS} FROM customer WHERE id = ?", (identity,)
    ).fetchone()
    return None if row is None else _customer(row)


def current(database: Database, identity: str) -> Customer | None:
    """Return the customer that an id stands for now: one that was merged is the one it was merged into."""
    found = get(database, identity)
    return get(database, found.merged_into) if found and found.merged_into else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The ids that were merged into others, and what those customers were known by."""

    ids: frozenset[str]
    known_by: frozenset[Identity]


def gone(database: Database) -> Gone:
    """Return whoever was merged into somebody else."""
    rows = database.execute(f"SELECT {_COLUMNS} FROM customer WHERE merged_into IS NOT NULL")
    found = [_customer(row) for row in rows.fetchall()]
    return Gone(
        ids=frozenset(one.id for one in found),
        known_by=frozenset(known for one in found for known in one.known_by),
    )


def merged_ids(database: Database, identity: str) -> tuple[str, ...]:
    """Return the ids that were merged into a customer."""
    rows = database.execute(
        "SELECT id FROM customer WHERE merged_into = ? ORDER BY id", (identity,)
    )
    return tuple(row[0] for row in rows)


def known_by(
    database: Database, value: str, *, kind: str = "", limit: int = LARGEST_PAGE
) -> tuple[Customer, ...]:
    """Return the customers that are known by a value, of one kind or of any, by id."""
    columns = ", ".join(f"customer.{name}" for name in _COLUMNS.split(", "))
    rows = database.execute(
        f"SELECT DISTINCT {columns} FROM customer_identity"
        " JOIN customer ON customer.number = customer_identity.customer"
        " WHERE customer_identity.value IN (?, ?) AND (? = '' OR customer_identity.kind = ?)"
        " ORDER BY customer.id LIMIT ?",
        (value, value.lower(), kind, kind, limit),
    )
    return tuple(_customer(row) for row in rows.fetchall())


def holders(database: Database, identity: Identity) -> tuple[str, ...]:
    """Return the ids of the customers who are known by an identity."""
    rows = database.execute(
        "SELECT customer.id FROM customer_identity JOIN customer ON customer.number = customer_identity.customer"
        " WHERE customer_identity.kind = ? AND customer_identity.value = ? ORDER BY customer.id LIMIT 100",
        (identity.kind, sought(identity)),
    )
    return tuple(row[0] for row in rows)


def called(database: Database, text: str, *, limit: int) -> tuple[Customer, ...]:
    """Return the customers in whose name all words of a text stand, by id."""
    words = text.split()
    where = " AND ".join(["name LIKE ? ESCAPE '\\'"] * len(words))
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM customer WHERE merged_into IS NULL AND {where or 'FALSE'} ORDER BY id LIMIT ?",
        (*map(_anywhere, words), limit),
    )
    return tuple(_customer(row) for row in rows.fetchall())


def page(database: Database, asked: ListCustomers) -> tuple[tuple[Customer, ...], str | None]:
    """Return the customers that fit, by id, and the id to go on after."""
    where, values = _conditions(asked)
    limit = max(1, min(asked.limit, LARGEST_PAGE))
    rows = database.execute(
        f"SELECT {_COLUMNS} FROM customer WHERE {' AND '.join(where)} ORDER BY id LIMIT ?",
        (*values, limit + 1),
    ).fetchall()
    found = tuple(_customer(row) for row in rows[:limit])
    return found, found[-1].id if len(rows) > limit else None


def end_customers(database: Database, client: str) -> int:
    """Return how many end customers belong to a client organisation."""
    row = database.execute(
        "SELECT count(*) FROM customer WHERE client = ? AND client <> '' AND merged_into IS NULL",
        (client,),
    ).fetchone()
    return int(row[0])


def save(database: Database, customer: Customer) -> None:
    """Store a customer, over one of the same id."""
    values = (
        customer.id,
        customer.name,
        customer.kind,
        customer.client,
        customer.tier,
        customer.brand,
        _record(customer),
    )
    number = database.execute(_SAVE, values).fetchone()[0]
    database.execute("DELETE FROM customer_identity WHERE customer = ?", (number,))
    for kind, value in {(one.kind, sought(one)) for one in customer.known_by}:
        database.execute(
            "INSERT INTO customer_identity (kind, value, customer) VALUES (?, ?, ?)",
            (kind, value, number),
        )


def merge(
    database: Database,
    customer: Customer,
    into: Customer,
    *,
    by: str,
    at: datetime,
    reason: str,
) -> None:
    """Store that `customer` is `into`, which is found by all that either was known by; and who said so, when and why."""
    said = {"into": into.id, "by": by, "at": to_microseconds(at), "reason": reason}
    database.execute(
        "DELETE FROM customer_identity WHERE customer = (SELECT number FROM customer WHERE id = ?)",
        (customer.id,),
    )
    save(database, into)
    database.execute(
        "UPDATE customer SET merged_into = ? WHERE id = ? OR merged_into = ?",
        (into.id, customer.id, customer.id),
    )
    database.execute(
        "UPDATE customer SET record = json_set(record, '$.merged', json(?)) WHERE id = ?",
        (compact_json.encode(said), customer.id),
    )
    database.execute(
        "UPDATE customer SET client = ? WHERE client = ? AND client <> ''",
        (into.id, customer.id),
    )


def erase(database: Database, customer: Customer, at: datetime) -> None:
    """Leave of a customer, under each of its ids, what says nothing of the person; why ids were merged is not kept either."""
    for identity in (customer.id, *merged_ids(database, customer.id)):
        found = get(database, identity)
        assert found is not None, "the ids were just read"
        kept = Customer(
            id=identity,
            kind=found.kind,
            client=found.client,
            tier=found.tier,
            brand=found.brand,
            erased_at=at,
        )
        save(database, kept)


def new_id(database: Database) -> str:
    """Return an id that no customer has."""
    while True:
        row = database.execute(
            "INSERT INTO counter (prefix, year, last) VALUES ('customer', 0, 1)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = counter.last + 1 RETURNING last"
        ).fetchone()
        made = f"C{row[0]:07d}"
        if get(database, made) is None:
            return made


def sought(identity: Identity) -> str:
    """Return the value under which an identity is looked up."""
    return identity.value.lower() if identity.kind == "email" else identity.value


def _anywhere(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _conditions(asked: ListCustomers) -> tuple[list[str], list[object]]:
    where, values = ["merged_into IS NULL"], list[object]()
    for name in ("kind", "client", "tier", "brand"):
        wanted = getattr(asked, name)
        if wanted is not None:
            where.append(f"{name} = ?")
            values.append(wanted)
    if asked.client:
        where.append("client <> ''")
    if asked.tag is not None:
        where.append(
            "EXISTS (SELECT 1 FROM json_each(customer.record, '$.tags') WHERE value = ?)"
        )
        values.append(asked.tag)
    for word in (asked.text or "").split():
        where.append("(name LIKE ? ESCAPE '\\' OR id = ?)")
        values += [_anywhere(word), word]
    if asked.after is not None:
        where.append("id > ?")
        values.append(asked.after)
    return where, values


def _record(customer: Customer) -> str:
    record = {
        "language": customer.language,
        "phone": customer.phone,
        "email": customer.email,
        "tags": customer.tags,
        "identities": [[one.kind, one.value] for one in customer.identities],
        "erased_at": customer.erased_at and to_microseconds(customer.erased_at),
    }
    return compact_json.encode({name: value for name, value in record.items() if value})


def _customer(row: tuple[Any, ...]) -> Customer:
    identity, name, kind, client, tier, brand, merged_into, text = row
    with reading(message("the customer '{name}'", name=identity)):
        record = compact_json.decode(text)
        erased_at = record.get("erased_at")
        plain = Customer(
            id=identity,
            name=name,
            kind=kind,
            client=client,
            tier=tier,
            brand=brand,
            merged_into=merged_into or "",
            language=record.get("language", ""),
            phone=record.get("phone", ""),
            email=record.get("email", ""),
            erased_at=None if erased_at is None else from_microseconds(erased_at),
        )
        return replace(
            plain,
            tags=tuple(record.get("tags", ())),
            identities=tuple(
                Identity(kind=kind, value=value) for kind, value in record.get("identities", ())
            ),
        )
