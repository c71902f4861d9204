"""How a reply gets to the customer: the channel that was named or that reaches them, and the ticket's files that go with it."""

from collections.abc import Iterator

from casewright.delivery.channel import Enclosed
from casewright.desk import attachments
from casewright.desk.working.recipients import Recipient
from casewright.desk.working.site import Site
from casewright.errors import CommandRefused, Message, NotFound, message
from casewright.model import Ticket
from casewright.settings.channels import ChannelKind, ChannelSettings
from casewright.store import history

MOST_FILES = 20
LARGEST_FILES = 20_000_000
"""Octets of all files of a mail together; most mail servers take no more."""
_CAME_BY: dict[str, ChannelKind] = {"mail": "email", "email": "email", "sms": "sms"}
_KINDS: tuple[ChannelKind, ...] = ("email", "sms")


def way_to(site: Site, ticket: Ticket, via: str) -> tuple[ChannelSettings, Recipient]:
    """Return the channel that was named, or the first that reaches the customer, and whom it reaches; CommandRefused."""
    if via:
        channel = _named(site, via)
        found = site.customer(ticket, channel.kind)
        if isinstance(found, Message):
            raise CommandRefused(reason=found)
        return channel, found
    faults = []
    for channel in _likely(site, ticket):
        found = site.customer(ticket, channel.kind)
        if isinstance(found, Recipient):
            return channel, found
        faults.append(found)
    if not faults:
        reason = message("casewright.toml has no channel for e-mail or SMS to answer customers")
        raise CommandRefused(reason=reason)
    raise CommandRefused(reason=faults[0])


def _named(site: Site, via: str) -> ChannelSettings:
    channel = site.channel(via)
    if channel is None:
        reason = message("there is no channel '{name}' in casewright.toml", name=via)
        raise CommandRefused(reason=reason)
    if channel.kind not in _KINDS:
        template = "a customer is answered by e-mail or SMS, and '{name}' is neither"
        raise CommandRefused(reason=message(template, name=via))
    return channel


def _likely(site: Site, ticket: Ticket) -> Iterator[ChannelSettings]:
    """Yield the channels for customers: of the way that the customer came by first, then mail before SMS."""
    came_by = _CAME_BY.get(ticket.channel, "email")
    for kind in sorted(_KINDS, key=lambda one: one != came_by):
        for channel in site.config.channels.values():
            if channel.kind == kind and not channel.strange:
                yield channel


def files_of(site: Site, key: str, numbers: tuple[int, ...]) -> list[tuple[Enclosed, int]]:
    """Return the ticket's files of these numbers with their sizes; NotFound where one is not there, or was erased."""
    if not numbers:
        return []
    attached = [one for one in history.events(site.database, key) if one.kind == "FileAttached"]
    found = []
    for number in dict.fromkeys(numbers):
        event = attached[number - 1] if 0 < number <= len(attached) else None
        if event is None or not event.private.get("content"):
            raise NotFound(kind=message("file"), name=str(number), hint=message(""))
        digest = str(event.private["content"])
        attachments.must_be_kept(site.config.attachments, digest)
        file = Enclosed(filename=str(event.private.get("file") or number), digest=digest)
        found.append((file, int(event.facts["size"])))
    return found


def must_carry(channel: ChannelSettings, files: list[tuple[Enclosed, int]]) -> None:
    """Raise CommandRefused unless these files go over the channel."""
    if not files:
        return
    if not channel.carries_files:
        template = "the channel '{name}' carries no files; name one with the driver 'smtp'"
        raise CommandRefused(reason=message(template, name=channel.name))
    if len(files) > MOST_FILES or sum(size for _, size in files) > LARGEST_FILES:
        template = "at most {count} files of {limit} MB together go with a mail"
        limit = LARGEST_FILES // 1_000_000
        raise CommandRefused(reason=message(template, count=MOST_FILES, limit=limit))
