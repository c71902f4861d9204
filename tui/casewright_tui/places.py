"""The places of the terminal by name: each a screen that is imported when somebody first goes there."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from casewright.swift_dataclass import dataclass
from casewright.texts import text

if TYPE_CHECKING:
    from casewright_tui.screens.desk_screen import DeskScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place: what it is called, the module and the class of its screen, and the permission without which it is not offered.

    A place that is `about` something, such as a ticket, is not offered in the palette by itself.
    """

    title: str
    module: str
    screen: str
    permission: str = ""
    about: tuple[str, ...] = ()

    def made(self, about: Mapping[str, Any]) -> "DeskScreen":
        """Return a new screen of the place."""
        module = import_module(f"casewright_tui.screens.{self.module}")
        screen: DeskScreen = getattr(module, self.screen)(**about)
        return screen


PLACES: Mapping[str, Place] = {
    "queue": Place(title=text("Queue"), module="queue", screen="QueueScreen", permission="ticket.read"),
    "ticket": Place(title=text("Ticket"), module="ticket", screen="TicketScreen", about=("ticket",)),
    "ledger": Place(title=text("Why it is due then"), module="ledger", screen="LedgerScreen", about=("ticket",)),
    "workflow": Place(title=text("Workflow"), module="workflow", screen="WorkflowScreen", about=("workflow",)),
    "form": Place(title=text("Form"), module="form", screen="FormScreen", about=("errand",)),
    "bulk": Place(title=text("Many at once"), module="bulk", screen="BulkScreen", about=("errand", "values")),
    "conflict": Place(title=text("Someone was faster"), module="conflict", screen="ConflictScreen", about=("errand",)),
    "drafts": Place(title=text("Begun forms"), module="drafts", screen="DraftsScreen"),
    "contact": Place(
        title=text("New contact"), module="contact", screen="ContactScreen", permission="customer.read"
    ),
    "customer": Place(title=text("Customer"), module="customer", screen="CustomerScreen", about=("customer",)),
    "search": Place(title=text("Search"), module="search", screen="SearchScreen", permission="ticket.read"),
    "notices": Place(title=text("Notices"), module="notices", screen="NoticesScreen", permission="ticket.read"),
    "announcement": Place(
        title=text("Announcement"), module="announcement", screen="AnnouncementScreen", about=("number",)
    ),
    "wallboard": Place(
        title=text("Wallboard"), module="wallboard", screen="WallboardScreen", permission="ticket.read"
    ),
    "people": Place(title=text("People and their work"), module="people", screen="PeopleScreen", permission="ticket.assign"),
    "workflows": Place(title=text("Workflows"), module="workflows", screen="WorkflowsScreen"),
    "file": Place(title=text("File"), module="file", screen="FileScreen", about=("path",)),
    "publication": Place(title=text("Proposal"), module="publication", screen="PublicationScreen", about=("number",)),
    "letters": Place(
        title=text("Dead letters"), module="letters", screen="LettersScreen", permission="webhook.manage"
    ),
    "access": Place(title=text("Who looked at what"), module="access", screen="AccessScreen", permission="access.read"),
    "audit": Place(title=text("Histories verified"), module="audit", screen="AuditScreen", permission="audit.verify"),
    "panel": Place(title=text("Panel"), module="panel", screen="PanelScreen", about=("panel",)),
    "help": Place(title=text("Help"), module="help", screen="HelpScreen"),
    "palette": Place(title=text("All commands"), module="palette", screen="PaletteScreen"),
    "said": Place(title=text("Messages so far"), module="said", screen="SaidScreen"),
    "macros": Place(title=text("Macros"), module="macros", screen="MacrosScreen"),
    "settings": Place(title=text("Settings"), module="settings", screen="SettingsScreen"),
    "lock": Place(title=text("Locked"), module="lock", screen="LockScreen"),
    "login": Place(title=text("Sign in"), module="login", screen="LoginScreen"),
}  # fmt: skip
