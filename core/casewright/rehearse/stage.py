"""The throw-away workspace of a rehearsal: the files as they are on disk, in a database of its own, with channels that only record."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from casewright import strict_yaml
from casewright.clock import SetClock
from casewright.config import FILE, Config, read_config
from casewright.desk import Desk, open_desk, publish
from casewright.document import Document
from casewright.errors import ProblemsFound
from casewright.forms.spec import Form
from casewright.model import SYSTEM, Person
from casewright.queries import GetTables, GetWorkflow, ListPeople
from casewright.settings.access import AuditSettings
from casewright.settings.channels import ChannelSettings
from casewright.settings.delivering import limits_from
from casewright.settings.toml_places import TomlPlaces
from casewright.sla.calendar import ALWAYS, Calendar
from casewright.sla.calendar_file import calendar_files, load_calendar
from casewright.swift_dataclass import dataclass
from casewright.workflows.check import workflow_files
from casewright.workflows.spec import Workflow
from casewright.workflows.surroundings import root_of
from casewright.workflows.tables import Table

AddStaff = Callable[[Desk], None]
"""Puts the people on the staff of a desk that has none."""

_USUAL = ("sms", "email", "chat")
"""Channels that every workflow may name; the workspace need not have made them yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A desk with everything published, the workflow that is rehearsed, and what stands around it.

    `missing` are the channels that the workspace's own settings lack.
    """

    desk: Desk
    clock: SetClock
    config: Config
    document: Document
    workflow: Workflow
    forms: Mapping[str, Form]
    tables: Mapping[str, Table]
    people: Mapping[str, Person]
    calendar: Calendar
    missing: frozenset[str]

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the rehearsal's times are told in."""
        return ZoneInfo(self.calendar.zone)

    def form(self, name: str | None) -> Form | None:
        """Return a form of the workflow by its name."""
        return self.forms.get(name) if name is not None else None


@contextmanager
def stage(file: Path, add_staff: AddStaff, clock: SetClock) -> Iterator[Stage]:
    """Yield the stage for a workflow file; ProblemsFound when its workspace could not be published."""
    root = root_of(file)
    found = _workspace(root)
    with tempfile.TemporaryDirectory(prefix="casewright-rehearsal-") as folder:
        config = _recording(found, Path(folder))
        with open_desk(config, clock=clock, create=True) as desk:
            publish(desk, root, _files(root, file), actor=SYSTEM)
            add_staff(desk)
            yield _stage(desk, clock, config, file, frozenset(_USUAL) - set(found.channels))


def _stage(
    desk: Desk, clock: SetClock, config: Config, file: Path, missing: frozenset[str]
) -> Stage:
    document = strict_yaml.load_file(file)
    query = GetWorkflow(actor=SYSTEM, workflow=document.data["workflow"])
    workflow, forms = desk.ask_as_system(query)
    people = desk.ask_as_system(ListPeople(actor=SYSTEM))
    return Stage(
        desk=desk,
        clock=clock,
        config=config,
        document=document,
        workflow=workflow,
        forms=forms,
        tables=desk.ask_as_system(GetTables(actor=SYSTEM)),
        people={one.name: one for one in people if one.active},
        calendar=calendar_named(config.root, workflow.calendar),
        missing=missing,
    )


def calendar_named(root: Path, name: str) -> Calendar:
    """Return a calendar of the workspace at `root`, which was checked, or the one that is built in."""
    file = next((one for one in calendar_files(root) if one.stem == name), None)
    if file is None:
        return ALWAYS
    calendar, problems = load_calendar(file)
    if calendar is None:
        raise ProblemsFound.of(problems)
    return calendar


def _workspace(root: Path) -> Config:
    if (root / FILE).is_file():
        return read_config(root)
    return Config(root=root, database=root / "casewright.db", attachments=root / "attachments")


def _recording(config: Config, folder: Path) -> Config:
    """Return the settings with a database of their own, and a stand-in for every channel."""
    kinds = dict.fromkeys(_USUAL) | {
        name: channel.kind for name, channel in config.channels.items()
    }
    channels = {
        name: ChannelSettings(name=name, driver="console", options={"kind": kind or name})
        for name, kind in kinds.items()
    }
    usual = limits_from({}, channels, TomlPlaces(file=FILE, text=""))
    return replace(
        config,
        database=folder / "rehearsal.db",
        attachments=folder / "attachments",
        synchronous="NORMAL",
        channels=channels,
        limits={**usual, **config.limits},
        plugins=replace(config.plugins, recurring=False),
        audit=AuditSettings(every_minutes=0),
    )


def _files(root: Path, file: Path) -> list[Path]:
    """Return the workflow files to publish: the workspace's, and the one rehearsed in place of its namesake."""
    folder = root / "workflows"
    own = workflow_files(folder) if folder.is_dir() else []
    here = file.resolve()
    if any(one.resolve() == here for one in own):
        return [folder]
    return [file, *(one for one in own if one.stem != file.stem)]
