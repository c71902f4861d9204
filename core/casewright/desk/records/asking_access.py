"""Answers about access: personal fields in the clear, and who looked at what."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from casewright.answers import AccessPage
from casewright.desk.records.masked_answers import personal_fields
from casewright.desk.serving.customers import known_customer
from casewright.errors import CommandRefused, Message, message
from casewright.nearest import hint
from casewright.queries import LARGEST_PAGE, GetAccessReport, RevealFields
from casewright.store import access_log, customers

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

LONGEST_PURPOSE = 200


def reveal(asking: "Asking", query: RevealFields) -> Mapping[str, Any]:
    """Return the personal fields that are filled, or those named, in the clear; CommandRefused without a purpose."""
    if (fault := purpose_fault(query.purpose)) is not None:
        raise CommandRefused(reason=fault)
    ticket = asking.visible(query.ticket)[1]
    personal = personal_fields(asking.library.forms(ticket.bundle))
    for name in query.fields:
        if name not in personal:
            near = hint(name, personal)
            reason = message("'{field}' is no personal field{hint}", field=name[:80], hint=near)
            raise CommandRefused(reason=reason)
    wanted = query.fields or tuple(personal)
    return {name: ticket.fields[name] for name in wanted if name in ticket.fields}


def purpose_fault(purpose: str) -> Message | None:
    """Return what is wrong with what somebody says a look is for, or None."""
    said = purpose.strip()
    if said and len(said) <= LONGEST_PURPOSE and said.isprintable():
        return None
    return message(
        "say in 1 to {limit} characters what the look is for; it goes on record",
        limit=LONGEST_PURPOSE,
    )


def access_report(asking: "Asking", query: GetAccessReport) -> AccessPage:
    """Return a page of the access log, newest first; of a customer under all ids. CommandRefused, NotFound.

    Nobody learns from it who looked at a ticket that is hidden from them.
    """
    if query.kind and query.kind not in access_log.KINDS:
        reason = message("a row is one of: {kinds}", kinds=access_log.KINDS)
        raise CommandRefused(reason=reason)
    limit = max(1, min(query.limit, LARGEST_PAGE))
    found = access_log.page(
        asking.database,
        customers=_ids(asking, query.customer),
        ticket=query.ticket,
        person=query.person,
        kind=query.kind,
        since=query.since,
        until=query.until,
        before=query.after,
        kept_from=query.actor,
        limit=limit + 1,
    )
    page = found[:limit]
    return AccessPage(rows=page, after=page[-1].number if len(found) > limit else None)


def _ids(asking: "Asking", customer: str) -> Collection[str]:
    """Return all ids that a customer has or had; none where nobody is named."""
    if not customer:
        return ()
    current = known_customer(asking.database, customer).id
    return {customer, current, *customers.merged_ids(asking.database, current)}
