"""Workflows written in YAML, run as tickets; this package's surface for plugins, which pulls in nothing heavy.

A plugin imports `from casewright import ...` and nothing deeper. Each name is fetched from its home when it is
first used, so that importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casewright.answers import Assignable as Assignable
    from casewright.answers import AttachedFile as AttachedFile
    from casewright.answers import NoticePage as NoticePage
    from casewright.answers import TicketPage as TicketPage
    from casewright.bilingual import Bilingual as Bilingual
    from casewright.bilingual import fault as _bilingual_fault
    from casewright.cli.answer import Answer as Answer
    from casewright.cli.grammar import Given as Given
    from casewright.cli.grammar import Noun as Noun
    from casewright.cli.grammar import Option as Option
    from casewright.cli.grammar import Verb as Verb
    from casewright.cli.output import table as table
    from casewright.cli.session import Session as Session
    from casewright.cli.typed import moment as _given_moment
    from casewright.commands import AddComment as AddComment
    from casewright.commands import AssignTicket as AssignTicket
    from casewright.commands import AttachFile as AttachFile
    from casewright.commands import Command as Command
    from casewright.commands import EditFields as EditFields
    from casewright.commands import EscalateLevel as EscalateLevel
    from casewright.commands import FireTransition as FireTransition
    from casewright.commands import OpenTicket as OpenTicket
    from casewright.commands import PublishAnnouncement as PublishAnnouncement
    from casewright.commands import TicketCommand as TicketCommand
    from casewright.commands import WithdrawAnnouncement as WithdrawAnnouncement
    from casewright.commands import new_id as new_id
    from casewright.contributions import ChannelDriver as ChannelDriver
    from casewright.contributions import CommandHandler as CommandHandler
    from casewright.contributions import Done as Done
    from casewright.contributions import Erased as Erased
    from casewright.contributions import Forgetting as Forgetting
    from casewright.contributions import GuardFunction as GuardFunction
    from casewright.contributions import Job as Job
    from casewright.contributions import Migration as Migration
    from casewright.contributions import PluginDesk as PluginDesk
    from casewright.contributions import QueryHandler as QueryHandler
    from casewright.contributions import Starter as Starter
    from casewright.contributions import Store as Store
    from casewright.contributions import Words as Words
    from casewright.contributions import WorkflowAction as WorkflowAction
    from casewright.contributions import WorkflowNames as WorkflowNames
    from casewright.contributions import WorkflowWord as WorkflowWord
    from casewright.contributions import WorkspaceFile as WorkspaceFile
    from casewright.contributions import WorkspaceNames as WorkspaceNames
    from casewright.delivery.channel import Accepted as Accepted
    from casewright.delivery.channel import Delivered as Delivered
    from casewright.delivery.channel import Failed as Failed
    from casewright.delivery.channel import Outgoing as Outgoing
    from casewright.delivery.channel import Rejected as Rejected
    from casewright.delivery.channel import Unknown as Unknown
    from casewright.document import Document as Document
    from casewright.durations import Duration as Duration
    from casewright.durations import parse as _parse_duration
    from casewright.effects import Effect as Effect
    from casewright.effects import Notify as Notify
    from casewright.effects import Wake as Wake
    from casewright.errors import AssignmentRefused as AssignmentRefused
    from casewright.errors import CasewrightError as CasewrightError
    from casewright.errors import CommandRefused as CommandRefused
    from casewright.errors import Message as Message
    from casewright.errors import NotAllowed as NotAllowed
    from casewright.errors import NotFound as NotFound
    from casewright.errors import Place as Place
    from casewright.errors import Problem as Problem
    from casewright.errors import ProblemsFound as ProblemsFound
    from casewright.errors import message as message
    from casewright.hooks import hookimpl as hookimpl
    from casewright.language_tags import language_fault as language_fault
    from casewright.model import ANY_STAFF as ANY_STAFF
    from casewright.model import SYSTEM as SYSTEM
    from casewright.model import Customer as Customer
    from casewright.model import Event as Event
    from casewright.model import Person as Person
    from casewright.model import Receipt as Receipt
    from casewright.model import Ticket as Ticket
    from casewright.model import is_system as is_system
    from casewright.nearest import hint as hint
    from casewright.new_file import write_new as write_new
    from casewright.queries import FindCustomers as FindCustomers
    from casewright.queries import GetFile as GetFile
    from casewright.queries import GetHistory as GetHistory
    from casewright.queries import GetTables as GetTables
    from casewright.queries import GetTicket as GetTicket
    from casewright.queries import GetWorkload as GetWorkload
    from casewright.queries import ListAssignable as ListAssignable
    from casewright.queries import ListNotices as ListNotices
    from casewright.queries import ListPeople as ListPeople
    from casewright.queries import ListTickets as ListTickets
    from casewright.queries import ListUnhandled as ListUnhandled
    from casewright.queries import Query as Query
    from casewright.queries import RevealFields as RevealFields
    from casewright.regular_file import read as _read_file
    from casewright.settings.channels import ChannelSettings as ChannelSettings
    from casewright.settings.options import Option as _Setting
    from casewright.strict_yaml import load as _parse_yaml
    from casewright.strict_yaml import load_file as _read_yaml
    from casewright.texts import Texts as Texts
    from casewright.texts import text as text
    from casewright.workflows.surroundings import names_in as names_in

    # A name that is not its home's would not count as exported.
    bilingual_fault = _bilingual_fault
    given_moment = _given_moment
    parse_duration = _parse_duration
    parse_yaml = _parse_yaml
    read_file = _read_file
    read_yaml = _read_yaml
    Setting = _Setting

__version__ = "0.1.0"

_ALIASES = {
    "Setting": "Option",
    "bilingual_fault": "fault",
    "given_moment": "moment",
    "parse_duration": "parse",
    "parse_yaml": "load",
    "read_file": "read",
    "read_yaml": "load_file",
}
"""Names that say more here than they would at home."""

_HOMES = {
    "answers": ("Assignable", "AttachedFile", "NoticePage", "TicketPage"),
    "bilingual": ("Bilingual", "bilingual_fault"),
    "cli.answer": ("Answer",),
    "cli.grammar": ("Given", "Noun", "Option", "Verb"),
    "cli.output": ("table",),
    "cli.session": ("Session",),
    "cli.typed": ("given_moment",),
    "commands": (
        "AddComment",
        "AssignTicket",
        "AttachFile",
        "Command",
        "EditFields",
        "EscalateLevel",
        "FireTransition",
        "OpenTicket",
        "PublishAnnouncement",
        "TicketCommand",
        "WithdrawAnnouncement",
        "new_id",
    ),
    "contributions": (
        "ChannelDriver",
        "CommandHandler",
        "Done",
        "Erased",
        "Forgetting",
        "GuardFunction",
        "Job",
        "Migration",
        "PluginDesk",
        "QueryHandler",
        "Starter",
        "Store",
        "Words",
        "WorkflowAction",
        "WorkflowNames",
        "WorkflowWord",
        "WorkspaceFile",
        "WorkspaceNames",
    ),
    "delivery.channel": (
        "Accepted",
        "Delivered",
        "Failed",
        "Outgoing",
        "Rejected",
        "Unknown",
    ),
    "document": ("Document",),
    "durations": ("Duration", "parse_duration"),
    "effects": ("Effect", "Notify", "Wake"),
    "hooks": ("hookimpl",),
    "errors": (
        "AssignmentRefused",
        "CasewrightError",
        "CommandRefused",
        "Message",
        "NotAllowed",
        "NotFound",
        "Place",
        "Problem",
        "ProblemsFound",
        "message",
    ),
    "model": (
        "ANY_STAFF",
        "SYSTEM",
        "Customer",
        "Event",
        "Person",
        "Receipt",
        "Ticket",
        "is_system",
    ),
    "language_tags": ("language_fault",),
    "nearest": ("hint",),
    "new_file": ("write_new",),
    "workflows.surroundings": ("names_in",),
    "queries": (
        "FindCustomers",
        "GetFile",
        "GetHistory",
        "GetTicket",
        "GetWorkload",
        "ListAssignable",
        "ListNotices",
        "GetTables",
        "ListPeople",
        "ListTickets",
        "ListUnhandled",
        "Query",
        "RevealFields",
    ),
    "regular_file": ("read_file",),
    "settings.channels": ("ChannelSettings",),
    "settings.options": ("Setting",),
    "strict_yaml": ("parse_yaml", "read_yaml"),
    "texts": ("Texts", "text"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Fetch a name of the surface from its home."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"casewright has no public name {name!r}")
    found = getattr(import_module(f"casewright.{home}"), _ALIASES.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the surface."""
    return sorted({*_HOME_OF, "__version__"})
