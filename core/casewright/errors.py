"""Every refusal casewright can answer: one root, a code that never changes, fields a program can read.

A sentence is an English template; `texts` renders it in the reader's language from the same fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from datetime import datetime
from typing import ClassVar, Self

from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence not yet rendered: an English template and the values that fill it."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**{name: _shown(value) for name, value in self.values.items()})


def _shown(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def message(text: str, **values: object) -> Message:
    """Return a `Message`; the template is looked up in the catalogues as it stands here."""
    return Message(text, values)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: file, line and column, both counted from 1 (0 = the file as a whole)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in a file: a stable code, a sentence, its place. `grave` problems refuse the file."""

    code: str
    message: Message
    place: Place
    grave: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class CasewrightError(Exception):
    """Root of all refusals; anything else that is raised is a bug."""

    code: ClassVar[str] = "casewright"
    sentence: ClassVar[str] = ""

    def details(self) -> dict[str, object]:
        """Return the error's fields by name, in the order of their declaration."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.sentence.format(**self.details())

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.details())


def _rebuild(kind: type[CasewrightError], values: dict[str, object]) -> CasewrightError:
    return kind(**values)


# --- files -------------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class YamlRefused(CasewrightError):
    """The file is not YAML as casewright accepts it."""

    code = "yaml.refused"
    sentence = "{place}: {reason}."
    place: Place
    reason: Message


@dataclass(kw_only=True, eq=False)
class FileUnreadable(CasewrightError):
    """A named file cannot be read or written."""

    code = "file.unreadable"
    sentence = "{file}: {reason}."
    file: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class LogRefused(CasewrightError):
    """An event log cannot be read as CSV or XES, or passes a limit."""

    code = "log.refused"
    sentence = "{place}: {reason}."
    place: Place
    reason: Message


@dataclass(kw_only=True, eq=False)
class ProblemsFound(CasewrightError):
    """A workflow, form or table has problems and was not taken."""

    code = "workflow.problems"
    sentence = "{count} problem(s); the first: {first}"
    count: int
    first: Message
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Self:
        """Return the refusal for these problems, of which there is at least one."""
        place, sentence = problems[0].place, problems[0].message
        first = message("{place}: {sentence}", place=place, sentence=sentence)
        return cls(count=len(problems), first=first, problems=tuple(problems))


@dataclass(kw_only=True, eq=False)
class FormRefused(CasewrightError):
    """What was entered does not satisfy the form; `faults` says which field and why, `titles` what fields are called."""

    code = "form.refused"
    sentence = "{form}: {summary}."
    form: str
    summary: Message
    faults: tuple[tuple[str, Message], ...]
    form_title: object = ""
    titles: Mapping[str, object] = field(default_factory=dict)


# --- doors: JSON and durations -------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class JsonRefused(CasewrightError):
    """The text is not JSON as casewright accepts it."""

    code = "json.refused"
    sentence = "{place}: {reason}."
    place: Place
    reason: Message


@dataclass(kw_only=True, eq=False)
class DurationRefused(CasewrightError):
    """The text is not a duration such as `30 minutes`."""

    code = "duration.refused"
    sentence = "'{text}' is not a duration: {reason}"
    text: str
    reason: Message


# --- the desk ----------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class NotFound(CasewrightError):
    """There is no such thing, or none that this person may see."""

    code = "not_found"
    sentence = "There is no {kind} '{name}'{hint}."
    kind: Message
    name: str
    hint: Message


@dataclass(kw_only=True, eq=False)
class NotAllowed(CasewrightError):
    """The person has no right to do this."""

    code = "not_allowed"
    sentence = "{actor} may not do this ({permission}): {reason}."
    actor: str
    permission: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class Conflict(CasewrightError):
    """Somebody else was faster: the ticket is no longer the version that was looked at."""

    code = "conflict"
    sentence = (
        "{ticket} has changed meanwhile: version {actual}, not {expected}. Look at it again."
    )
    ticket: str
    expected: int
    actual: int


@dataclass(kw_only=True, eq=False)
class CommandReused(CasewrightError):
    """A command id came back with another command in it."""

    code = "command.reused"
    sentence = (
        "The command id {command_id} was already used for something else; use a fresh one."
    )
    command_id: str


@dataclass(kw_only=True, eq=False)
class CommandRefused(CasewrightError):
    """The command says something that cannot be, such as a number out of range."""

    code = "command.refused"
    sentence = "{reason}."
    reason: Message


@dataclass(kw_only=True, eq=False)
class RehearsalRefused(CasewrightError):
    """A rehearsal cannot begin: its ticket cannot be opened."""

    code = "rehearsal.refused"
    sentence = "{reason}."
    reason: Message


@dataclass(kw_only=True, eq=False)
class SimulationRefused(CasewrightError):
    """A contact centre cannot be simulated in this workspace, or not like this."""

    code = "simulation.refused"
    sentence = "Nothing is simulated: {reason}."
    reason: Message


@dataclass(kw_only=True, eq=False)
class TransitionRefused(CasewrightError):
    """The workflow has the transition, but it may not be taken now.

    English says the names that are typed; other languages may say the titles.
    """

    code = "transition.refused"
    sentence = "{ticket} cannot '{transition}' while '{state}': {reason}."
    ticket: str
    transition: str
    state: str
    reason: Message
    transition_title: object
    state_title: object


@dataclass(kw_only=True, eq=False)
class VoteRefused(CasewrightError):
    """The vote does not count: nothing waits for it, or not from this person."""

    code = "vote.refused"
    sentence = "{ticket}: the vote was not taken: {reason}."
    ticket: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class ExtensionRefused(CasewrightError):
    """More time for a promise cannot be asked for, or not be granted like this."""

    code = "extension.refused"
    sentence = "{ticket}: '{promise}' is not extended: {reason}."
    ticket: str
    promise: object
    reason: Message


@dataclass(kw_only=True, eq=False)
class NoticeRefused(CasewrightError):
    """What was asked of a notice cannot be: it is another person's, or no longer open."""

    code = "notice.refused"
    sentence = "notice {notice}: {reason}."
    notice: int
    reason: Message


@dataclass(kw_only=True, eq=False)
class TicketRefused(CasewrightError):
    """The ticket does not admit the command as it stands."""

    code = "ticket.refused"
    sentence = "{ticket}: {reason}."
    ticket: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class AssignmentRefused(CasewrightError):
    """The person may not handle or own the ticket."""

    code = "assignment.refused"
    sentence = "{ticket} cannot go to {person}: {reason}."
    ticket: str
    person: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class NobodyLeft(CasewrightError):
    """Everybody who could answer for the ticket is excluded, absent or unknown."""

    code = "nobody_left"
    sentence = (
        "Nobody is left to be the {relation} of a {workflow}; name somebody, with a reason."
    )
    relation: Message
    workflow: str


@dataclass(kw_only=True, eq=False)
class IdentityUnchecked(CasewrightError):
    """A customer's wish was recorded before the customer's identity was checked."""

    code = "identity.unchecked"
    sentence = "{ticket}: check the caller's identity first, then say so with the command."
    ticket: str


@dataclass(kw_only=True, eq=False)
class NothingChanges(CasewrightError):
    """The command would leave everything as it is."""

    code = "nothing_changes"
    sentence = "{ticket}: nothing changes: {reason}."
    ticket: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class WorkerBusy(CasewrightError):
    """Another worker does the work of this workspace."""

    code = "worker.busy"
    sentence = (
        "A worker is at work here already ({holder}, its lease runs until {until}). "
        "Stop it first; one that died is replaced when its lease has run out."
    )
    holder: str
    until: datetime


# --- exchange ----------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class LogMapRefused(CasewrightError):
    """The file that maps a log to a workflow cannot be used as it stands."""

    code = "log_map.refused"
    sentence = "{place}: {reason}."
    place: Place
    reason: Message


# --- calendars -----------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class CalendarRefused(CasewrightError):
    """A working calendar has no answer to what it was asked, or cannot be imported."""

    code = "calendar.refused"
    sentence = "{calendar}: {reason}."
    calendar: str
    reason: Message


# --- tables --------------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class TableRefused(CasewrightError):
    """The file is not a table in CSV as casewright accepts it."""

    code = "table.refused"
    sentence = "{place}: {reason}."
    place: Place
    reason: Message


# --- plugins -------------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class PluginFailed(CasewrightError):
    """A plugin raised, did not come back in time or answered something else; what it was asked about did not happen."""

    code = "plugin.failed"
    sentence = "The plugin '{plugin}' failed in '{hook}': {reason}."
    plugin: str
    hook: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class PluginMissing(CasewrightError):
    """A plugin that has a say in this is not there."""

    code = "plugin.missing"
    sentence = "The plugin '{plugin}' is needed for {needed_by}: {reason}."
    plugin: str
    needed_by: Message
    reason: Message


@dataclass(kw_only=True, eq=False)
class PluginRefused(CasewrightError):
    """A plugin cannot be made, loaded or changed as asked."""

    code = "plugin.refused"
    sentence = "{plugin}: {reason}."
    plugin: str
    reason: Message


# --- workspace and command line --------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class ConfigRefused(CasewrightError):
    """A setting, in `casewright.toml` or in the environment, cannot be used as it stands."""

    code = "config.refused"
    sentence = "{place}: {reason}."
    place: Place
    reason: Message


@dataclass(kw_only=True, eq=False)
class WorkspaceNotFound(CasewrightError):
    """Neither the folder nor one above it is a workspace."""

    code = "workspace.not_found"
    sentence = (
        "There is no workspace in {folder} or above it; make one with `casewright init DIR`, "
        "or name one with -C DIR."
    )
    folder: str


@dataclass(kw_only=True, eq=False)
class WorkspaceRefused(CasewrightError):
    """A workspace cannot be made in this folder."""

    code = "workspace.refused"
    sentence = "No workspace is made in {folder}: {reason}."
    folder: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class UsageRefused(CasewrightError):
    """The command line does not say something that casewright can do."""

    code = "usage"
    sentence = "Not understood: {reason}."
    reason: Message


@dataclass(kw_only=True, eq=False)
class OutputLost(CasewrightError):
    """What was to be printed cannot be written, as on a full disk."""

    code = "output.lost"
    sentence = "The answer cannot be written ({problem}); what was done stays done."
    problem: str


@dataclass(kw_only=True, eq=False)
class FieldRefused(CasewrightError):
    """A field given on the command line has no value of the kind that its form asks for."""

    code = "field.refused"
    sentence = "{field}: {reason}."
    field: str
    reason: Message


# --- what comes back from channels ---------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class ReportRefused(CasewrightError):
    """What was posted to the worker's listener is neither a receipt nor a reply."""

    code = "report.refused"
    sentence = "{field}: {reason}."
    field: str
    reason: Message


# --- people and access ---------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class NotSignedIn(CasewrightError):
    """Nobody is signed in here, or the session is over."""

    code = "not_signed_in"
    sentence = "Nobody is signed in: {reason}."
    reason: Message


@dataclass(kw_only=True, eq=False)
class SignInRefused(CasewrightError):
    """The name, the password or the code is not right; it is not said which."""

    code = "sign_in.refused"
    sentence = "You are not signed in: {reason}."
    reason: Message
    wait_seconds: int = 0


@dataclass(kw_only=True, eq=False)
class SignInBusy(SignInRefused):
    """Too many sign in at this moment; nothing is said of the name or the password, which nobody has looked at."""

    code = "sign_in.busy"


@dataclass(kw_only=True, eq=False)
class PublicationRefused(CasewrightError):
    """What was proposed cannot be decided so: it was decided already, rests on what is no more, or is the asker's own."""

    code = "publication.refused"
    sentence = "Publication {publication}: {reason}."
    publication: int
    reason: Message


@dataclass(kw_only=True, eq=False)
class AuthorityLacking(CasewrightError):
    """A workflow would do by itself what its author may not do; `needs` says which workflow, where in it, and what."""

    code = "publication.authority"
    sentence = "The workflow '{workflow}' would do by itself what {author} may not do: {first}."
    workflow: str
    author: str
    first: Message
    needs: tuple[tuple[str, tuple[str | int, ...], Message], ...]


@dataclass(kw_only=True, eq=False)
class SecondFactorNeeded(CasewrightError):
    """The password is right, and a code is asked for beside it; `enrolled` says whether the person has a second factor yet."""

    code = "sign_in.code_needed"
    sentence = "You are not signed in yet: {reason}."
    enrolled: bool
    reason: Message


@dataclass(kw_only=True, eq=False)
class AccessUnrecorded(CasewrightError):
    """What was asked for would have to go on record, and cannot; so it is not shown."""

    code = "access.unrecorded"
    sentence = "This is not shown, because the look cannot be recorded: {reason}."
    reason: Message


@dataclass(kw_only=True, eq=False)
class SecretMissing(CasewrightError):
    """A setting names a secret that is nowhere."""

    code = "secret.missing"
    sentence = "{place}: there is no secret '{name}': {reason}."
    place: Place
    name: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class BackupRefused(CasewrightError):
    """A backup cannot be made, is damaged, or does not fit where it should be restored."""

    code = "backup.refused"
    sentence = "{file}: {reason}."
    file: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class CheckpointRefused(CasewrightError):
    """A checkpoint cannot be made or read: the key or the second place is missing, or is not what it was."""

    code = "checkpoint.refused"
    sentence = "{place}: {reason}."
    place: str
    reason: Message


# --- the database ------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class DatabaseBusy(CasewrightError):
    """Another process held the database for longer than anybody should wait."""

    code = "database.busy"
    sentence = "{database} was held by another process for {seconds} seconds; try again."
    database: str
    seconds: int


@dataclass(kw_only=True, eq=False)
class DatabaseUnusable(CasewrightError):
    """The database file cannot be opened, read or written."""

    code = "database.unusable"
    sentence = "{database} cannot be used: {reason}."
    database: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class DatabaseDamaged(CasewrightError):
    """Something in the database cannot be read as what it was written as."""

    code = "database.damaged"
    sentence = "{what} is not in the database as it was written; restore a backup, or ask 'casewright audit verify'."
    what: Message


@dataclass(kw_only=True, eq=False)
class DatabaseMissing(CasewrightError):
    """There is no database where the workspace says it is."""

    code = "database.missing"
    sentence = "There is no database at {database}; 'casewright db migrate' makes one."
    database: str


@dataclass(kw_only=True, eq=False)
class MoveRefused(CasewrightError):
    """A workspace cannot be moved to a server, or what arrived there is not what was sent; the file is as it was."""

    code = "database.not_moved"
    sentence = "The workspace is not moved: {reason}."
    reason: Message


@dataclass(kw_only=True, eq=False)
class DatabaseOutdated(CasewrightError):
    """The database's schema is not the one this version of casewright works with."""

    code = "database.outdated"
    sentence = "{database} has schema {found}, this casewright needs {needed}: {reason}."
    database: str
    found: int
    needed: int
    reason: Message


# --- over the wire -------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class WireRefused(CasewrightError):
    """What was sent is no command or query, or no answer: `at` is where in it, such as `fields.amount`."""

    code = "wire.refused"
    sentence = "{at}: {reason}."
    at: str
    reason: Message


@dataclass(kw_only=True, eq=False)
class WorkspaceOwned(CasewrightError):
    """A server owns the workspace, and what was asked for would go past it."""

    code = "workspace.owned"
    sentence = "A server owns this workspace ({address}, process {process}): {reason}."
    address: str
    process: int
    reason: Message


@dataclass(kw_only=True, eq=False)
class WorkspaceInUse(CasewrightError):
    """Other processes work in the workspace, so no server can own it; `which` names them, where the system tells."""

    code = "workspace.in_use"
    sentence = "Others work in {folder}{which}: end them first, then serve."
    folder: str
    which: Message


@dataclass(kw_only=True, eq=False)
class AnswerTooLate(CasewrightError):
    """A query took longer than a server lets one take."""

    code = "query.too_late"
    sentence = "The answer took longer than {seconds} s and was given up; ask for less at once."
    seconds: int


@dataclass(kw_only=True, eq=False)
class ServerUnreachable(CasewrightError):
    """The server that owns the workspace does not answer.

    Where what was said to it may have `arrived`, nobody knows whether it has happened; a command is said again under its id.
    """

    code = "server.unreachable"
    sentence = "The server at {address} does not answer: {reason}."
    address: str
    reason: Message
    arrived: bool = False
    command_id: str = ""


@dataclass(kw_only=True, eq=False)
class ServerRefused(CasewrightError):
    """The server refused for a reason that only the server knows, such as too many requests."""

    code = "server.refused"
    sentence = "The server refused: {reason}."
    status: int
    reason: Message
    wait_seconds: int = 0
