"""Answers as people see them: the personal fields of tickets masked, and customers in lists."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from casewright import compact_json
from casewright.answers import Notice, NoticeStory, QueuePage
from casewright.desk.library import Library
from casewright.desk.records.looks import shows_customers
from casewright.forms.spec import Field, Form
from casewright.masking import mask
from casewright.model import Customer, Event, Identity, Ticket
from casewright.queries import Query
from casewright.sla.standing import Said
from casewright.store.database import Database

FIELD = "fields."
"""What the name of a field begins with where an event holds its value."""
_DATES = ("date", "date-time", "time")
_OURS = ("casewright.answers", "casewright.sla.standing")
"""The modules of the core in whose values tickets, customers and events can be; in those of plugins they are looked for too."""


def personal_fields(forms: Mapping[str, Form]) -> Mapping[str, Field]:
    """Return by name the fields that one of the forms calls personal."""
    return {
        name: field
        for form in forms.values()
        for name, field in form.fields.items()
        if field.personal
    }


def masked_value(field: Field, value: Any) -> Any:
    """Return a personal field's value masked; of one that is chosen, and of dates, nothing is shown."""
    closed = bool(field.choices or field.lookup) or field.format in _DATES
    return mask(value, closed=closed)


def masked_customer(one: Customer) -> Customer:
    """Return a customer of whom the id, the kind and how they are to be treated are shown, and the rest is masked."""
    known_by = (Identity(kind=id.kind, value=mask(id.value)) for id in one.identities)
    return replace(
        one,
        name=_masked_text(one.name),
        phone=_masked_text(one.phone),
        email=_masked_text(one.email),
        identities=tuple(dict.fromkeys(known_by)),
    )


class MaskedAnswers:
    """Masks one answer; what it looks up of workflow versions is looked up once."""

    def __init__(self, database: Database, library: Library, query: Query) -> None:
        self._database, self._library = database, library
        self._customers_too = not shows_customers(query)
        self._ticket = getattr(query, "ticket", None)
        self._personal: dict[str, Mapping[str, Field]] = {}

    def of(self, answer: Any) -> Any:
        """Return the answer with everything in it masked that people do not see unasked."""
        masked = _masked_as(type(answer))  # type: ignore[arg-type]  # every type can be hashed
        return answer if masked is None else masked(self, answer)

    def _masked_tuple(self, answer: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(self.of, answer))

    def _masked_list(self, answer: list[Any]) -> list[Any]:
        return list(map(self.of, answer))

    def _masked_mapping(self, answer: Mapping[Any, Any]) -> dict[Any, Any]:
        return {name: self.of(value) for name, value in answer.items()}

    def _masked_customer(self, customer: Customer) -> Customer:
        return masked_customer(customer) if self._customers_too else customer

    def _masked_parts(self, answer: Any) -> Any:
        """Return a value with its parts masked; one in which there is nothing to mask is returned itself."""
        changed = {}
        for name in _names_of(type(answer)):  # type: ignore[arg-type]
            before = getattr(answer, name)
            after = self.of(before)
            if after is not before and after != before:
                changed[name] = after
        if not changed:
            return answer
        # A plugin's value need not be made by its fields alone, so it is not made again.
        found = copy.copy(answer)
        for name, value in changed.items():
            object.__setattr__(found, name, value)
        return found

    def _masked_ticket(self, ticket: Ticket) -> Ticket:
        values = _masked(self._of_version(ticket.bundle), ticket.fields)
        return ticket if values is None else replace(ticket, fields=values)

    def _masked_event(self, event: Event) -> Event:
        personal = self._of_ticket(event.ticket)
        private = _masked(personal, event.private, FIELD)
        return event if private is None else replace(event, private=private)

    def _masked_said(self, said: Said) -> Said:
        personal = self._of_ticket(self._ticket) if isinstance(self._ticket, str) else {}
        values = _masked(personal, said.fields)
        return said if values is None else replace(said, fields=values)

    def _masked_story(self, story: NoticeStory) -> NoticeStory:
        """Mask in the words of a message, which may be a customer's own, what its tickets' personal fields hold."""
        said = story.text
        carried = self._carried_with(story.notice) if said else ()
        for key, held in carried:
            values = compact_json.decode(held)
            for name, field in self._of_ticket(key).items():
                value = values.get(name)
                if isinstance(value, str) and len(value) > 1:
                    said = said.replace(value, masked_value(field, value))
        return story if said == story.text else replace(story, text=said)

    def _carried_with(self, notice: Notice) -> list[tuple[str, str]]:
        """Return the key and the fields of each ticket that the message of a notice is about."""
        return self._database.execute(
            "SELECT DISTINCT ticket.key, ticket.fields FROM notice AS one"
            " JOIN notice ON notice.delivery_id = one.delivery_id OR notice.id = one.id"
            " JOIN ticket ON ticket.id = notice.ticket_id WHERE one.id = ?",
            (notice.number,),
        ).fetchall()

    def _of_ticket(self, key: str) -> Mapping[str, Field]:
        row = self._database.execute(
            "SELECT bundle FROM ticket WHERE key = ?", (key,)
        ).fetchone()
        return {} if row is None else self._of_version(row[0])

    def _of_version(self, digest: str) -> Mapping[str, Field]:
        found = self._personal.get(digest)
        if found is None:
            forms = self._library.forms(digest)
            found = self._personal[digest] = personal_fields(forms)
        return found


def _masked(
    personal: Mapping[str, Field], values: Mapping[str, Any], before: str = ""
) -> Mapping[str, Any] | None:
    """Return `values` with the personal ones masked, or None where there are none; `before` is what names begin with."""
    found = {name: field for name, field in personal.items() if f"{before}{name}" in values}
    if not found:
        return None
    masked = {
        f"{before}{name}": masked_value(field, values[f"{before}{name}"])
        for name, field in found.items()
    }
    return {**values, **masked}


def _masked_text(text: str) -> str:
    return mask(text) if text else ""


@lru_cache(maxsize=512)
def _masked_as(kind: type) -> Callable[[MaskedAnswers, Any], Any] | None:
    """Return how values of a type are masked; None where there is nothing to mask."""
    if issubclass(kind, QueuePage):
        return None  # Its rows are made masked: nothing in them is ever shown in the clear.
    for known, masked in _MASKED:
        if issubclass(kind, known) and not hasattr(kind, "_fields"):
            return masked
    return MaskedAnswers._masked_parts if _is_looked_into(kind) else None


_MASKED: tuple[tuple[type, Callable[[MaskedAnswers, Any], Any]], ...] = (
    (Ticket, MaskedAnswers._masked_ticket),
    (Customer, MaskedAnswers._masked_customer),
    (Event, MaskedAnswers._masked_event),
    (Said, MaskedAnswers._masked_said),
    (NoticeStory, MaskedAnswers._masked_story),
    (tuple, MaskedAnswers._masked_tuple),
    (list, MaskedAnswers._masked_list),
    (Mapping, MaskedAnswers._masked_mapping),
)


def _is_looked_into(kind: type) -> bool:
    module = kind.__module__
    return is_dataclass(kind) and (module in _OURS or not module.startswith("casewright."))


@lru_cache(maxsize=512)
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))
