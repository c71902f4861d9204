"""What a customer is answered: over which channel, in which words and with which files, worked out before it is decided."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.answers import ReplyPreview, ReplyTemplate
from casewright.bilingual import LANGUAGES
from casewright.commands import ReplyToCustomer, new_id
from casewright.config import Config
from casewright.delivery.channel import Outgoing
from casewright.delivery.sms_text import length
from casewright.desk.library import Library
from casewright.desk.records.masked_answers import personal_fields
from casewright.desk.status_link import with_hidden_link, with_link
from casewright.desk.working.recipients import Recipient
from casewright.desk.working.reply_ways import files_of, must_carry, way_to
from casewright.desk.working.site import Site
from casewright.engine.replying import ANSWERED
from casewright.engine.situation import WordedReply
from casewright.errors import CommandRefused, NotFound, message
from casewright.intake.rules import FILE as INTAKE
from casewright.masking import mask
from casewright.model import Event, Ticket
from casewright.nearest import hint
from casewright.queries import PreviewReply
from casewright.settings.channels import ChannelSettings
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass
from casewright.visible import UNSAFE

if TYPE_CHECKING:
    from casewright.delivery.template_spec import Templates
    from casewright.desk.working.wording import Words

LONGEST_TEXT = 50_000
MOST_PARTS = 10
"""An SMS of more parts is a letter, and costs as much."""
LONGEST_SUBJECT = 200


@dataclass(slots=True)
class Answering:
    """Words replies in the transaction that is open; `config` tells the channels, those of plugins among them."""

    database: Database
    library: Library
    config: Callable[[], Config]
    _words: "Words | None" = None

    def worded(self, command: ReplyToCustomer, now: datetime) -> WordedReply:
        """Return a reply as it will go out; CommandRefused or NotFound where it cannot."""
        site = Site(self.database, self.library, self.config(), now)
        ticket = site.ticket(command.ticket)
        channel, recipient = way_to(site, ticket, command.via)
        files = files_of(site, ticket.key, command.attachments)
        must_carry(channel, files)
        worded = self._reply(site, ticket, channel, recipient, command)
        _must_fit(channel, worded)
        return worded

    def preview(self, query: PreviewReply, now: datetime) -> ReplyPreview:
        """Return what would go out, and where to, without sending it."""
        command = ReplyToCustomer(
            actor=query.actor,
            ticket=query.ticket,
            text=query.text,
            template=query.template,
            via=query.via,
            subject=query.subject,
            language=query.language,
            attachments=query.attachments,
        )
        worded = self.worded(command, now)
        site = Site(self.database, self.library, self.config(), now)
        channel, recipient = way_to(site, site.ticket(query.ticket), worded.via)
        files = files_of(site, query.ticket, query.attachments)
        short = length(_with_signature(channel, worded)) if channel.kind == "sms" else None
        return ReplyPreview(
            via=worded.via,
            kind=channel.kind,
            address=mask(recipient.address),
            language=worded.language,
            subject=worded.subject,
            text=_previewed(site, channel, worded),
            attachments=tuple(file.filename for file, _ in files),
            parts=0 if short is None else short.parts,
            units=0 if short is None else short.units,
        )

    def listed(self, now: datetime) -> tuple[ReplyTemplate, ...]:
        """Return the templates in which a customer may be answered, by name."""
        known = self._templates(Site(self.database, self.library, self.config(), now))
        return tuple(
            ReplyTemplate(
                name=name, title=one.title, takes_text=one.text.of("en").speaks_of("message")
            )
            for name, one in sorted(known.items())
        )

    def _templates(self, site: Site) -> "Templates":
        # Templates are heavy, and most replies need none.
        from casewright.delivery.template_files import BUNDLE
        from casewright.desk.working.wording import Words

        self._words = self._words or Words()
        known = self._words.templates(site)
        return {name: one for name, one in known.items() if name != BUNDLE}

    def _reply(
        self,
        site: Site,
        ticket: Ticket,
        channel: ChannelSettings,
        recipient: Recipient,
        command: ReplyToCustomer,
    ) -> WordedReply:
        _must_be_meant(channel, command)
        language = command.language or recipient.language
        text = _cleaned(command.text)
        if not command.template:
            if not text:
                raise CommandRefused(reason=message("a reply needs a text, or a template"))
            subject = command.subject or _called(site, ticket, language)
            return WordedReply(
                via=channel.name,
                language=language,
                text=text,
                subject=_subject(channel, subject, ticket.key),
            )
        from casewright.desk.working import reply_templates

        templates = self._templates(site)
        if command.template not in templates:
            near = hint(command.template, templates)
            raise NotFound(kind=message("template"), name=command.template, hint=near)
        said = reply_templates.worded_in(
            templates, command.template, text, site, ticket, recipient.called, language, channel
        )
        registered = {
            "id": said.template_id,
            "variables": dict(said.variables),
            "signature": said.signature,
        }
        return WordedReply(
            via=channel.name,
            language=language,
            text=said.text,
            subject=_subject(channel, command.subject or said.subject, ticket.key),
            registered=registered if said.template_id or said.signature else {},
        )


def outgoing(site: Site, event: Event, recipient: Recipient) -> Outgoing:
    """Return what the channel is handed of an answer in the history, under a fresh key; CommandRefused where it was erased."""
    said = event.private
    if not said.get("text"):
        raise CommandRefused(reason=message("what was to be sent has been erased"))
    numbers = tuple(event.facts.get("attachments", ()))
    files = files_of(site, event.ticket, numbers)
    registered = said.get("registered") or {}
    return Outgoing(
        key=new_id(),
        address=recipient.address,
        text=_sent(site, event, said["text"]),
        subject=said.get("subject", ""),
        language=event.facts["language"],
        template_id=registered.get("id", ""),
        variables=registered.get("variables", {}),
        signature=registered.get("signature", ""),
        nature="reply",
        topic=event.ticket,
        enclosed=tuple(file for file, _ in files),
    )


def _sent(site: Site, event: Event, text: str) -> str:
    """Return the words as they go out: below those of a mail stands the customer's link to the status page."""
    channel = site.channel(event.facts["via"])
    if channel is None or channel.kind != "email":
        return text
    ticket, language = site.ticket(event.ticket), event.facts["language"]
    said = site.settings.files.get(INTAKE)
    return with_link(text, site.config, said, ticket, language=language, now=site.now)


def _previewed(site: Site, channel: ChannelSettings, worded: WordedReply) -> str:
    if channel.kind != "email":
        return worded.text
    said = site.settings.files.get(INTAKE)
    return with_hidden_link(worded.text, site.config, said, language=worded.language)


def is_answer(event: Event | None) -> bool:
    """Return whether an event is an answer to the customer, whose words stand in it."""
    return event is not None and event.kind == ANSWERED


def _must_be_meant(channel: ChannelSettings, command: ReplyToCustomer) -> None:
    if command.language and command.language not in LANGUAGES:
        template = "'{language}' is no language of casewright: en or zh"
        raise CommandRefused(reason=message(template, language=command.language))
    if command.subject and channel.kind == "sms":
        raise CommandRefused(reason=message("an SMS has no subject; leave it out"))
    if len(command.subject) > LONGEST_SUBJECT:
        template = "the subject is longer than {limit} characters"
        raise CommandRefused(reason=message(template, limit=LONGEST_SUBJECT))


def _must_fit(channel: ChannelSettings, worded: WordedReply) -> None:
    if len(worded.text) > LONGEST_TEXT:
        template = "the reply is longer than {limit} characters"
        raise CommandRefused(reason=message(template, limit=LONGEST_TEXT))
    if channel.kind != "sms":
        return
    parts = length(_with_signature(channel, worded)).parts
    if parts > MOST_PARTS:
        template = "the reply takes {parts} parts by SMS; {limit} are the most"
        raise CommandRefused(reason=message(template, parts=parts, limit=MOST_PARTS))


def _with_signature(channel: ChannelSettings, worded: WordedReply) -> str:
    """Return an SMS as it is counted: with its own signature before it, or the channel's."""
    signature = worded.registered.get("signature") or channel.options.get("signature", "")
    return f"【{signature}】{worded.text}" if signature else worded.text


def _cleaned(text: str) -> str:
    lines = UNSAFE.sub("", text.replace("\r\n", "\n")).split("\n")
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(one.rstrip() for one in lines)).strip()


def _subject(channel: ChannelSettings, subject: str, key: str) -> str:
    """Return the subject of a mail, with the key by which an answer to it finds its ticket; an SMS has none."""
    if channel.kind == "sms":
        return ""
    said = " ".join(UNSAFE.sub(" ", subject).split())[:LONGEST_SUBJECT]
    return said if f"[{key}]" in said else f"{said} [{key}]".strip()


def _called(site: Site, ticket: Ticket, language: str) -> str:
    """Return what the ticket is called in the customer's own words, else the title of its workflow."""
    return own_title(site, ticket) or site.workflow(ticket).workflow.title.of(language)


def own_title(site: Site, ticket: Ticket) -> str:
    """Return the ticket's subject, "" where it has none or its form calls it personal: whoever replies reads it too."""
    personal = personal_fields(site.workflow(ticket).forms)
    named = (ticket.fields.get(one) for one in ("subject", "title") if one not in personal)
    return next((str(one) for one in named if one), "")
