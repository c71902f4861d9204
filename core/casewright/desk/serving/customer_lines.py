"""What the lines of a file of customers come to, one after the other, and what stands against them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from casewright.customers.settings import CustomerSettings
from casewright.desk.names import name_fault
from casewright.desk.serving.customer_values import (
    GIVEN,
    changed,
    relation_faults,
    side_fault,
    united,
    value_faults,
    where,
    whole_number,
    with_whole_numbers,
)
from casewright.desk.serving.customers import Stored
from casewright.errors import Message, message
from casewright.model import Customer, CustomerLine, Identity
from casewright.store import customers
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass


@dataclass(slots=True)
class Made:
    """What one line comes to: the customer as it was (None for a new one) and as it will be."""

    line: CustomerLine
    before: Customer | None
    after: Customer


class Planner:
    """Reads the lines one after the other, then compares what they make with each other and with what is stored."""

    def __init__(
        self, database: Database, keys: Sequence[str], settings: CustomerSettings
    ) -> None:
        self._database, self._keys, self._settings = database, keys, settings
        self._stored = Stored(database)
        self._by_id: dict[str, Made] = {}
        self._by_identity: dict[Identity, list[Made]] = {}
        self._gone = customers.gone(database)
        self.made: list[Made] = []
        self.faults: list[tuple[int, str, Message]] = []
        """By line: what of it is wrong, as `columns` has it ("" for the whole), and why."""
        self.merged = 0
        self.erased = 0

    @property
    def compared(self) -> frozenset[str]:
        """The ids of the stored customers with whom the lines were compared."""
        return frozenset(self._stored.told)

    def survivors_first(self, lines: Sequence[CustomerLine]) -> Iterator[CustomerLine]:
        """Yield the lines, those by the keys of customers who were merged last: one of the survivor's own goes before."""
        if not self._gone.ids:
            yield from lines
            return
        late = []
        for line in lines:
            if self._is_gone_by_key(self._read(line)):
                late.append(line)
            else:
                yield line
        yield from late

    def take(self, line: CustomerLine) -> None:
        """Read a line: what it says, and whom it is about."""
        read = self._read(line)
        if wrong := next(self._faults(read), None):
            self.faults.append((line.line, *wrong))
            return
        if read.id in self._gone.ids:
            self.merged += 1
            return
        found = self._meant(read)
        if isinstance(found, Message):
            self.faults.append((line.line, "", found))
            return
        before = self._stored.current(found) if found else None
        if before is not None and before.erased_at is not None:
            self.erased += 1
            return
        given = {name: value for name in GIVEN if (value := getattr(read, name))}
        if before is not None:
            given["tags"] = united(before.tags, read.tags)
        after = changed(before or Customer(id=found), given, read.known_by)
        made = Made(line, before, after)
        if after.id and (earlier := self._by_id.setdefault(after.id, made)) is not made:
            if self._is_gone_by_key(read):
                self.merged += 1
                return
            template = "line {line} is about the same customer, {id}"
            fault = message(template, line=earlier.line.line, id=after.id)
            self.faults.append((line.line, "id", fault))
            return
        self.made.append(made)
        for one in after.known_by:
            self._by_identity.setdefault(one, []).append(made)

    def compare(self) -> None:
        """Find what stands against the customers among each other; references may go forward in the file."""
        for made in self.made:
            conflict = next(self._conflicts(made), None)
            if conflict is not None:
                self.faults.append((made.line.line, *conflict))
            elif made.after.client:
                client = self.current(made.after.client)
                made.after = replace(made.after, client=client.id if client else "")

    # What the checks ask of the customers there are, with those of the file laid over them.

    def current(self, identity: str) -> Customer | None:
        """Return the customer that an id stands for when the file is in, or None."""
        made = self._by_id.get(identity)
        return made.after if made is not None else self._stored.current(identity)

    def holders(self, identity: Identity) -> Collection[str]:
        """Return the ids of those who are known by an identity now."""
        return self._stored.holders(identity)

    def end_customers(self, client: str) -> int:
        """Return how many end customers belong to a client organisation now."""
        return self._stored.end_customers(client)

    def _conflicts(self, made: Made) -> Iterator[tuple[str, Message]]:
        if made.before is not None and (fault := side_fault(made.before, made.after, self)):
            yield "kind", fault
        yield from relation_faults(made.after, self)
        for one in made.after.known_by:
            first = self._by_identity[one][0]
            if first is not made and self._is_one_customers(one):
                template = "line {line} has the same {kind} {value}"
                fault = message(template, line=first.line.line, kind=one.kind, value=one.value)
                yield where(one, made.after), fault

    def _is_one_customers(self, identity: Identity) -> bool:
        return identity.kind in self._keys or identity.kind not in ("phone", "email")

    def _read(self, line: CustomerLine) -> CustomerLine:
        """Return the line with its phone numbers in full, as far as they are numbers."""
        code = self._settings.country_code
        return replace(
            line,
            phone=whole_number(line.phone, code),
            known_by=with_whole_numbers(line.known_by, code),
        )

    def _faults(self, line: CustomerLine) -> Iterator[tuple[str, Message]]:
        if line.id and (fault := name_fault(line.id)):
            yield "id", fault
        yield from value_faults({name: getattr(line, name) for name in GIVEN}, line.known_by)

    def _is_gone_by_key(self, line: CustomerLine) -> bool:
        """Return whether a line without an id is told by keys that one who was merged was known by."""
        keys = () if line.id else self._keys_of(line)
        return any(one in self._gone.known_by for one in keys)

    def _keys_of(self, line: CustomerLine) -> Sequence[Identity]:
        own = Customer(id="", phone=line.phone, email=line.email, identities=line.known_by)
        return [one for one in own.known_by if one.kind in self._keys]

    def _meant(self, line: CustomerLine) -> str | Message:
        """Return the id of whom the line is about, "" for somebody new, or why that cannot be said."""
        if line.id:
            known = self._stored.current(line.id)
            return known.id if known is not None else line.id
        keys = self._keys_of(line)
        if not keys:
            return message("neither an id nor anything to tell the customer by")
        held = {id: None for one in keys for id in self._stored.holders(one)}
        if len(held) > 1:
            return message("it fits several customers: {ids}; give an id", ids=list(held))
        return next(iter(held), "")
