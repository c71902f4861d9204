"""What the workflow offers in a ticket's state: transitions with their forms, and votes."""

from collections.abc import Mapping, Sequence
from functools import partial

from casewright.answers import ActionOffer, Myself
from casewright.bilingual import Bilingual
from casewright.commands import CastVote, Command, FireTransition
from casewright.errors import Message, message
from casewright.forms.spec import Form
from casewright.model import Ticket
from casewright.queries import PreviewTransition, Query
from casewright.workflows.spec import Workflow
from casewright_tui.errands import asking
from casewright_tui.errands.errand import REASON, Errand, Values

VOTES = ("grant", "deny")


def actions(
    ticket: Ticket,
    offers: Sequence[ActionOffer],
    workflow: Workflow,
    forms: Mapping[str, Form],
    *,
    myself: Myself,
) -> list[Errand]:
    """Return an errand for every offer, in the workflow's order."""
    found = []
    for offer in offers:
        vote = _is_vote(offer, workflow, ticket)
        if asking.may(myself, "ticket.vote" if vote else "ticket.fire"):
            make = _vote if vote else _transition
            found.append(make(ticket, offer, workflow, forms, myself.person.name))
    return found


def titles(workflow: Workflow) -> Mapping[str, Bilingual]:
    """Return what the states of a workflow are called."""
    return {name: state.title for name, state in workflow.states.items()}


def _is_vote(offer: ActionOffer, workflow: Workflow, ticket: Ticket) -> bool:
    state = workflow.states.get(ticket.state)
    taken = state is not None and offer.name in state.transitions
    return offer.name in VOTES and not taken


def _transition(
    ticket: Ticket,
    offer: ActionOffer,
    workflow: Workflow,
    forms: Mapping[str, Form],
    me: str,
) -> Errand:
    form = _form(offer, forms)
    asked = forms.get(offer.form or "")
    about = (ticket, offer.name, asked is not None and REASON in asked.fields, me)
    return Errand(
        name=offer.name,
        title=offer.title,
        form=form,
        make=partial(_fire, *about),
        about=f"fire:{ticket.key}:{offer.name}",
        tickets=(ticket.key,),
        initial=_filled(form, ticket),
        preview=partial(_previewed, *about),
        at_once=offer.undo and not form.fields,
        undo=offer.undo,
        key=offer.key,
        blocked=offer.blocked or _lacking(offer, form, forms.get(workflow.form or "")),
        states=titles(workflow),
    )


def _vote(
    ticket: Ticket,
    offer: ActionOffer,
    workflow: Workflow,
    forms: Mapping[str, Form],
    me: str,
) -> Errand:
    form = asking.form_of(
        offer.name, offer.title, asking.reason(REASON, required=REASON in offer.needs)
    )
    return Errand(
        name=offer.name,
        title=offer.title,
        form=form,
        make=partial(_cast, ticket, offer.name == "grant", me),
        about=f"fire:{ticket.key}:{offer.name}",
        tickets=(ticket.key,),
        preview=partial(_previewed, ticket, offer.name, False, me),
        undo=offer.undo,
        key=offer.key,
        blocked=offer.blocked,
        states=titles(workflow),
    )


def _form(offer: ActionOffer, forms: Mapping[str, Form]) -> Form:
    form = forms.get(offer.form or "") or asking.form_of(offer.name, offer.title)
    needed = [name for name in offer.needs if name in form.fields]
    more = (
        [asking.reason(REASON)] if REASON in offer.needs and REASON not in form.fields else []
    )
    return asking.with_fields(form, *more, required=needed) if more or needed else form


def _filled(form: Form, ticket: Ticket) -> Values:
    """Return what the ticket knows already of what the form asks; what is personal is masked, and asked anew."""
    return {
        name: ticket.fields[name]
        for name, field in form.fields.items()
        if name in ticket.fields and not field.personal and name != REASON
    }


def _lacking(offer: ActionOffer, form: Form, own: Form | None) -> Message | None:
    """Return what must be there before, and cannot be filled in here."""
    lacking = [name for name in offer.needs if name not in form.fields]
    known = own.fields if own else {}
    shown = [known[name].title if name in known else name for name in lacking]
    return message("it needs {fields} first", fields=shown) if shown else None


def _split(values: Values, own: bool) -> tuple[Values, str]:
    """Return what goes into the form and the reason; a form may have a field of its own that is called so."""
    form = values if own else {name: one for name, one in values.items() if name != REASON}
    return form, str(values.get(REASON) or "")


def _fire(
    ticket: Ticket, transition: str, own: bool, me: str, values: Values
) -> Sequence[Command]:
    form, reason = _split(values, own)
    return [
        FireTransition(
            actor=me, ticket=ticket.key, transition=transition, form=form, reason=reason,
            version=ticket.version,
        )
    ]  # fmt: skip


def _cast(ticket: Ticket, grant: bool, me: str, values: Values) -> Sequence[Command]:
    reason = str(values.get(REASON) or "")
    return [
        CastVote(
            actor=me, ticket=ticket.key, grant=grant, reason=reason, version=ticket.version
        )
    ]


def _previewed(ticket: Ticket, transition: str, own: bool, me: str, values: Values) -> Query:
    form, reason = _split(values, own)
    return PreviewTransition(
        actor=me, ticket=ticket.key, transition=transition, form=form, reason=reason
    )
