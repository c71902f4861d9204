"""What a delivery says: the facts of its notices, read from their tickets, in the words of the templates."""

from collections.abc import Mapping, Sequence
from functools import cache

from casewright.bilingual import Bilingual
from casewright.clock import from_microseconds
from casewright.commands import new_id
from casewright.delivery.channel import Outgoing
from casewright.delivery.template_files import load_templates, template_from_data
from casewright.delivery.template_spec import Template, Templates
from casewright.delivery.wording import Facts, Reader, worded
from casewright.desk.records.masked_answers import masked_value, personal_fields
from casewright.desk.working import answering
from casewright.desk.working.recipients import CUSTOMER, Recipient
from casewright.desk.working.site import Site
from casewright.engine.recording import UNDER_WAY, words_for_customer
from casewright.engine.replying import REPLIED
from casewright.errors import CommandRefused, message
from casewright.forms.spec import Form
from casewright.model import Ticket
from casewright.store.notices import StoredNotice
from casewright.workflows.spec import Workflow

MOST_TOLD = 30
"""So many notices of a bundle are looked up; no text names more, it counts the rest."""
PRIORITIES = {
    "low": Bilingual(en="low", zh="低"),
    "normal": Bilingual(en="normal", zh="普通"),
    "high": Bilingual(en="high", zh="高"),
    "urgent": Bilingual(en="urgent", zh="紧急"),
}


class Words:
    """Words deliveries; keeps the templates until they are published anew."""

    def __init__(self) -> None:
        self._version = -1
        self._templates: Templates = {}

    def word(
        self, site: Site, recipient: Recipient, notices: Sequence[StoredNotice]
    ) -> Outgoing:
        """Return what is handed to the channel for these notices to one recipient, under a fresh key."""
        channel = site.channel(notices[0].via)
        if channel is None:
            reason = message(
                "there is no channel '{name}' in casewright.toml", name=notices[0].via
            )
            raise CommandRefused(reason=reason)
        reader = Reader(
            name=recipient.called,
            language=recipient.language,
            zone=site.zone(site.calendar(notices[0])),
            customer=notices[0].recipient == CUSTOMER,
        )
        if notices[0].reason == REPLIED and reader.customer:
            answer = site.event_of(notices[0])
            # A transition may be called like the reason.
            if answering.is_answer(answer):
                assert answer is not None, "an answer is an event"
                return answering.outgoing(site, answer, recipient)
        told = [facts_of(site, one, reader) for one in notices[:MOST_TOLD]]
        told += told[-1:] * (len(notices) - len(told))
        signature = str(channel.options.get("signature", ""))
        said = worded(self.templates(site), told, reader, channel.kind, signature=signature)
        return Outgoing(
            key=new_id(),
            address=recipient.address,
            text=said.text,
            subject=said.subject,
            language=said.language,
            template_id=said.template_id,
            variables=said.variables,
            signature=said.signature,
            topic=notices[0].ticket if len(notices) == 1 else "",
        )

    def templates(self, site: Site) -> Templates:
        """Return the templates that casewright ships, and over them those that the workspace published."""
        settings = site.settings
        if settings.version != self._version:
            own = {
                name: template
                for name, data in settings.templates.items()
                if (template := template_from_data(name, data)) is not None
            }
            self._templates, self._version = {**_shipped(), **own}, settings.version
        return self._templates


def facts_of(site: Site, notice: StoredNotice, reader: Reader) -> Facts:
    """Return what a notice is about, as templates may speak of it to the reader."""
    ticket, said = site.ticket(notice.ticket), notice.said
    compiled = site.workflow(ticket)
    workflow = compiled.workflow
    author = said.get("message")
    promise = workflow.promises.get(said.get("promise", ""))
    stands_for = said.get("stands_for", "")
    away = site.person(stands_for) if stands_for else None
    return Facts(
        number=notice.id,
        reason=notice.reason,
        key=ticket.key,
        title=title_of(ticket, compiled.forms, reader),
        state=state_of(ticket, workflow, reader),
        priority=PRIORITIES.get(ticket.priority, ticket.priority),
        workflow=workflow.title,
        occasion=_occasion(notice.reason, workflow),
        template=said.get("template", ""),
        message=Bilingual(en=author["en"], zh=author["zh"]) if author else "",
        promise=promise.title if promise is not None else "",
        threshold=said.get("threshold", ""),
        due=None if notice.due_at is None else from_microseconds(notice.due_at),
        stands_for=Bilingual(en=away.en, zh=away.zh) if away is not None else stands_for,
    )


def title_of(ticket: Ticket, forms: Mapping[str, Form], reader: Reader) -> str:
    """Return what a ticket is called: its subject where it has one, masked where it is personal and another's."""
    name = next((one for one in ("subject", "title") if ticket.fields.get(one)), "")
    if not name:
        return ""
    field = None if reader.customer else personal_fields(forms).get(name)
    subject = ticket.fields[name]
    return str(subject if field is None else masked_value(field, subject))


def state_of(ticket: Ticket, workflow: Workflow, reader: Reader) -> Bilingual | str:
    """Return where a ticket stands; a customer is never told the inner title."""
    state = workflow.states.get(ticket.state)
    if reader.customer:
        return UNDER_WAY if state is None else words_for_customer(state)
    return state.title if state is not None else ticket.state


def _occasion(reason: str, workflow: Workflow) -> Bilingual | str:
    """Return the title of the transition that a notice follows from, if it does."""
    for state in workflow.states.values():
        if reason in state.transitions:
            return state.transitions[reason].title
    return ""


@cache
def _shipped() -> dict[str, Template]:
    return dict(load_templates(None)[0])
