"""Finding an errand again by the name it has among drafts: as the ticket stands now, if it is still offered."""

from casewright.model import Ticket
from casewright.queries import GetActions, GetTicket
from casewright_tui.errands import catalogue
from casewright_tui.errands.asker import Asker
from casewright_tui.errands.errand import Errand


async def found(asker: Asker, about: str) -> Errand | None:
    """Return the errand of a name such as `fire:CMP-2026-000042:accept`; None where it is offered no more."""
    kind, _, rest = about.partition(":")
    if kind == "open":
        workflow, _, customer = rest.partition(":")
        version, forms = await asker.site.version(asker.actor, workflow)
        assert asker.myself is not None
        return catalogue.opening(version, forms, myself=asker.myself, customer=customer or None)
    named = next((one for one in reversed(about.split(":")) if "-" in one), "")
    offered = await of(asker, named)
    return next((one for one in offered if one.about == about), None)


async def of(asker: Asker, key: str) -> list[Errand]:
    """Return what can be done with a ticket as it stands now."""
    ticket: Ticket = await asker.ask(GetTicket(actor=asker.actor, ticket=key))
    offers = await asker.ask(GetActions(actor=asker.actor, ticket=key))
    workflow, forms = await asker.site.version(asker.actor, ticket.workflow, ticket.bundle)
    people = await asker.site.people(asker.actor)
    assert asker.myself is not None
    return list(
        catalogue.of_ticket(ticket, offers, workflow, forms, myself=asker.myself, people=people)
    )
