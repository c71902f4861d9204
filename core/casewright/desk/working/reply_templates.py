"""A reply in the words of a template: what was typed stands where the template speaks of `notice.message`."""

from dataclasses import replace

from casewright.commands import new_id
from casewright.delivery.template_spec import Templates
from casewright.delivery.wording import Facts, Reader, Wording, worded
from casewright.desk.working.answering import own_title
from casewright.desk.working.site import Site
from casewright.desk.working.wording import PRIORITIES, state_of
from casewright.engine.replying import REPLIED
from casewright.errors import CommandRefused, message
from casewright.model import Ticket
from casewright.settings.channels import ChannelSettings


def worded_in(
    templates: Templates,
    name: str,
    text: str,
    site: Site,
    ticket: Ticket,
    called: str,
    language: str,
    channel: ChannelSettings,
) -> Wording:
    """Return what the customer `called` so reads; CommandRefused where the template has no place for a text."""
    template = templates[name]
    pair = template.sms.text if channel.kind == "sms" else template.text
    if text and not pair.of(language).speaks_of("message"):
        said = (
            "the template '{name}' has no place for a text (notice.message); leave the text out"
        )
        raise CommandRefused(reason=message(said, name=name))
    reader = Reader(
        name=called, language=language, zone=site.zone(site.calendar_of(ticket)), customer=True
    )
    facts = _facts(site, ticket, reader, name)
    signature = str(channel.options.get("signature", ""))

    def rendered(words: str) -> Wording:
        told = [replace(facts, message=words)]
        return worded(templates, told, reader, channel.kind, signature=signature)

    # What goes into a template becomes one line, and no long one; the words of a mail are put in afterwards.
    if channel.kind != "sms" and text:
        mark = new_id()
        around = rendered(mark)
        if mark in around.text:
            one_line = "\n" not in text
            subject = rendered(text).subject if one_line else _alone(around, mark)
            return replace(around, text=around.text.replace(mark, text), subject=subject)
    return rendered(text)


def _alone(around: Wording, mark: str) -> str:
    return " ".join(around.subject.replace(mark, "").split())


def _facts(site: Site, ticket: Ticket, reader: Reader, template: str) -> Facts:
    compiled = site.workflow(ticket)
    return Facts(
        number=0,
        reason=REPLIED,
        key=ticket.key,
        title=own_title(site, ticket),
        state=state_of(ticket, compiled.workflow, reader),
        priority=PRIORITIES.get(ticket.priority, ticket.priority),
        workflow=compiled.workflow.title,
        template=template,
    )
