"""What delivery looks at, as of one moment in one transaction: tickets, people, calendars and channels."""

from datetime import datetime, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from casewright.config import Config
from casewright.desk.library import Library
from casewright.desk.working.recipients import (
    CUSTOMER,
    Recipient,
    of_customer,
    of_person,
)
from casewright.desk.zones import zone_name
from casewright.engine.situation import Compiled
from casewright.errors import Message, NotFound, message
from casewright.model import Event, Person, Ticket
from casewright.plugins.asking import chinese
from casewright.settings.channels import ChannelKind, ChannelSettings
from casewright.sla.calendar import ALWAYS, Calendar
from casewright.store import customers, history, notices
from casewright.store.configuration import Configuration
from casewright.store.database import Database
from casewright.store.notices import StoredNotice
from casewright.store.tickets import Tickets
from casewright.texts import Texts, language


class Site:
    """One workspace as of `now`; to be made anew for each transaction."""

    def __init__(
        self, database: Database, library: Library, config: Config, now: datetime
    ) -> None:
        self.database, self.config, self.now = database, config, now
        self._library = library
        self._tickets = Tickets(database, now)
        library.refreshed()

    def ticket(self, key: str) -> Ticket:
        """Return a ticket, which must be there."""
        return self._tickets.get(key)

    def workflow(self, ticket: Ticket) -> Compiled:
        """Return the workflow version that a ticket is pinned to."""
        return self._library.pinned(ticket.bundle)

    def person(self, name: str) -> Person | None:
        """Return a member of staff, active or not, or None."""
        return self.settings.get(name)

    def person_by_phone(self, phone: str) -> Person | None:
        """Return the active member of staff who has this number, or None."""
        staff = self.settings.people.values()
        return next((one for one in staff if one.active and one.phone == phone), None)

    @property
    def settings(self) -> Configuration:
        """The workspace's staff, roles and templates."""
        return self._library.configuration()

    def texts(self, spoken: str) -> Texts:
        """Return sentences in a language, those of plugins among them."""
        return Texts(spoken, more=lambda: chinese(self._library.plugins))

    @cached_property
    def language(self) -> str:
        """The language of those who named none."""
        return language(workspace=self.config.language)

    def channel(self, via: str) -> ChannelSettings | None:
        """Return the channel of that name, or None where no administrator made one."""
        return self.config.channels.get(via)

    def recipient(self, notice: StoredNotice) -> Recipient | Message:
        """Return who is to be written to, or why nobody can be."""
        channel = self.channel(notice.via)
        if channel is None:
            return message("there is no channel '{name}' in casewright.toml", name=notice.via)
        kind = channel.kind
        if notice.recipient != CUSTOMER:
            person = self.person(notice.recipient)
            return of_person(person, notice.recipient, kind, self.language)
        return self.customer(self.ticket(notice.ticket), kind)

    def customer(self, ticket: Ticket, kind: ChannelKind) -> Recipient | Message:
        """Return whom a ticket is for, to be written to over a channel of this kind, or why nobody can be."""
        known = ticket.customer and customers.current(self.database, ticket.customer)
        forms = self.workflow(ticket).forms.values()
        return of_customer(known or None, ticket, forms, kind, self.language)

    def event_of(self, notice: StoredNotice) -> Event | None:
        """Return the event that a notice follows from, with what is left of its values; None where it follows from none."""
        sequence = notices.sequence_of(self.database, notice)
        return history.event(self.database, notice.ticket, sequence)

    def calendar(self, notice: StoredNotice) -> Calendar:
        """Return the calendar that a notice's clock counts on, else its workflow's."""
        ticket = self.ticket(notice.ticket)
        clock = ticket.clocks.get(notice.said.get("promise", ""))
        try:
            if clock is not None and clock.spans and clock.spans[-1].calendar:
                return self._library.version(clock.spans[-1].calendar)
        except NotFound:
            return ALWAYS
        return self.calendar_of(ticket)

    def calendar_of(self, ticket: Ticket) -> Calendar:
        """Return the calendar of a ticket's workflow."""
        try:
            return self._library.calendar(self.workflow(ticket).workflow.calendar)
        except NotFound:
            return ALWAYS

    def zone(self, calendar: Calendar) -> tzinfo:
        """Return the zone in which the times of a matter on this calendar are told and read."""
        if name := zone_name(self.config.zone, calendar):
            return ZoneInfo(name)
        here = self.now.astimezone().tzinfo
        assert here is not None
        return here
