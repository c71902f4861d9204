"""What stands around a workflow in its workspace: forms, tables, roles, calendars and the other workflows."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from casewright import strict_yaml
from casewright.access.roles import Role, load_roles
from casewright.config import FILE, Config, read_config
from casewright.contributions import (
    NO_VOCABULARY,
    Vocabulary,
    WorkspaceFile,
    WorkspaceNames,
)
from casewright.errors import FileUnreadable, Message, Problem, YamlRefused
from casewright.forms.load import load_form
from casewright.forms.spec import Form
from casewright.plugins.finding import installed
from casewright.sla.calendar import ALWAYS
from casewright.sla.calendar_file import calendar_files, load_calendar
from casewright.starter import starter_folder
from casewright.swift_dataclass import dataclass
from casewright.workflows.plugin_files import problems_of
from casewright.workflows.tables import SUFFIXES, Table, load_table
from casewright.workflows.workspace_names import names_of_workflows

WORKFLOW_SUFFIXES = (".yaml", ".yml")
FORM_SUFFIXES = (".yaml", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a workflow may name; `workflows` says which form each of them is opened with.

    `broken` holds the forms and tables that are there but have problems of their own, `broken_roles`
    the roles; `prefixes` says which files want each prefix. `channels` and `templates` are those of the
    workspace, beside casewright's own.
    `calendars` are those with problems too, and the one that is built in.
    `vocabulary` is what the workspace's plugins add to the language, `files` are those that they read; `left_out` says
    why the others of them are not there.
    """

    forms: Mapping[str, Form] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    workflows: Mapping[str, str | None] = field(default_factory=dict)
    calendars: frozenset[str] = frozenset({ALWAYS.name})
    channels: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    broken_roles: frozenset[str] = frozenset()
    prefixes: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    vocabulary: Vocabulary = NO_VOCABULARY
    files: frozenset[str] = frozenset()
    left_out: Mapping[str, Message] = field(default_factory=dict)


def read_surroundings(
    root: Path, also: Iterable[Path] = ()
) -> tuple[Surroundings, list[Problem]]:
    """Return what the workspace at `root` holds, and what is wrong with its forms, tables, calendars and roles.

    `also` are workflow files that stand elsewhere than in its `workflows/`.
    """
    problems: list[Problem] = []
    forms = {path.stem: load_form(path) for path in _files(root / "forms", FORM_SUFFIXES)}
    tables = {path.stem: load_table(path) for path in _files(root / "tables", SUFFIXES)}
    config = read_config(root) if (root / FILE).is_file() else None
    lent = lent_by_plugins(config)
    roles, role_problems = load_roles(
        _roles_file(root),
        also=lent.permissions,
        left_out=lent.left_out,
        unnamed=_unnamed(config),
    )
    own = [one for one in _files(root / "workflows", WORKFLOW_SUFFIXES) if is_workflow(one)]
    written = {path: _data(path) for path in (*also, *own)}
    headings = {path: _headings(data) for path, data in written.items()}
    calendars = {path.stem: load_calendar(path) for path in calendar_files(root)}
    for _, found in (*forms.values(), *tables.values(), *calendars.values()):
        problems += found
    surroundings = Surroundings(
        forms={name: form for name, (form, _) in forms.items() if form},
        roles=roles,
        tables={name: table for name, (table, _) in tables.items() if table},
        workflows={path.stem: form for path, (form, _) in headings.items()},
        prefixes=_by_prefix(headings),
        calendars=frozenset({ALWAYS.name, *calendars}),
        channels=frozenset(config.channels if config is not None else ()),
        templates=frozenset(
            path.stem for path in _files(root / "workflows" / "templates", WORKFLOW_SUFFIXES)
        ),
        broken=frozenset(
            name for name, (found, _) in (*forms.items(), *tables.items()) if not found
        ),
        broken_roles=_written_roles(_roles_file(root)) - set(roles)
        if role_problems
        else frozenset(),
        vocabulary=lent.vocabulary,
        files=frozenset(one.name for one in lent.files),
        left_out=lent.left_out,
    )
    no_workflows = {CUSTOMERS, ROLES, INTAKE, *surroundings.files}
    names = WorkspaceNames(
        workflows=names_of_workflows(
            {path: data for path, data in written.items() if path.name not in no_workflows},
            surroundings.forms,
        ),
        channels=surroundings.channels,
        roles=frozenset(roles) | surroundings.broken_roles,
    )
    return surroundings, problems + role_problems + problems_of(root, lent.files, names)


def names_in(root: Path) -> WorkspaceNames:
    """Return what the workspace at `root` has by its files."""
    forms = {path.stem: load_form(path)[0] for path in _files(root / "forms", FORM_SUFFIXES)}
    own = [one for one in _files(root / "workflows", WORKFLOW_SUFFIXES) if is_workflow(one)]
    config = read_config(root) if (root / FILE).is_file() else None
    return WorkspaceNames(
        workflows=names_of_workflows(
            {path: _data(path) for path in own},
            {name: form for name, form in forms.items() if form},
        ),
        channels=frozenset(config.channels if config is not None else ()),
        roles=_written_roles(_roles_file(root)),
    )


CUSTOMERS, ROLES, INTAKE = "customers.yaml", "roles.yaml", "intake.yaml"


def files_beside(root: Path) -> list[Path]:
    """Return the files of the workspace at `root` that are no workflows and are checked and published with them."""
    config = read_config(root) if (root / FILE).is_file() else None
    names = (CUSTOMERS, ROLES, INTAKE, *(one.name for one in lent_by_plugins(config).files))
    return [root / name for name in names if (root / name).is_file()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """What the plugins of a workspace add to its files: to workflows, to roles; and why others of them do not."""

    vocabulary: Vocabulary = NO_VOCABULARY
    permissions: frozenset[str] = frozenset()
    left_out: Mapping[str, Message] = field(default_factory=dict)
    files: tuple[WorkspaceFile, ...] = ()


def lent_by_plugins(config: Config | None) -> Lent:
    """Return what a workspace's plugins lend; its functions are there to be named, not to be called."""
    if config is None or not config.plugins.load:
        return Lent()
    from casewright.workflows.vocabulary import plugins_of

    plugins = plugins_of(config)
    plugins.close()
    return Lent(
        vocabulary=plugins.vocabulary,
        permissions=plugins.permissions,
        left_out=plugins.left_out,
        files=plugins.files,
    )


def _unnamed(config: Config | None) -> frozenset[str]:
    """Return the plugins that are installed and that the workspace does not name."""
    named = config.plugins.load if config is not None else ()
    return frozenset(installed()) - frozenset(named)


def root_of(path: Path) -> Path:
    """Return the workspace of a workflow file: the folder above `workflows/`, else the file's own."""
    folder = path.parent
    return folder.parent if folder.name == "workflows" else _above(folder)


def is_workflow(path: Path) -> bool:
    """Return whether a file is named as a workflow: `workflow discover` writes the map of its log beside one."""
    return path.suffix in WORKFLOW_SUFFIXES and not path.stem.endswith(".map")


def _headings(data: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the form that a workflow file's tickets are opened with, and their prefix, as far as it can be read."""
    form, prefix = data.get("form"), data.get("prefix")
    return form if isinstance(form, str) else None, prefix if isinstance(prefix, str) else None


def _by_prefix(
    headings: Mapping[Path, tuple[str | None, str | None]],
) -> Mapping[str, tuple[Path, ...]]:
    found: dict[str, dict[Path, Path]] = {}
    for path, (_, prefix) in headings.items():
        if prefix:
            found.setdefault(prefix, {}).setdefault(path.resolve(), path)
    return {prefix: tuple(files.values()) for prefix, files in found.items()}


def _written_roles(path: Path) -> frozenset[str]:
    roles = _data(path).get("roles")
    return frozenset(roles) if isinstance(roles, dict) else frozenset()


def _data(path: Path) -> Mapping[str, Any]:
    try:
        data = strict_yaml.load_file(path).data
    except (FileUnreadable, YamlRefused):
        return {}
    return data if isinstance(data, dict) else {}


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in suffixes)


def _roles_file(root: Path) -> Path:
    own = root / ROLES
    return own if own.exists() else starter_folder() / ROLES


def _above(folder: Path) -> Path:
    """Return the folder above when the relative `folder` is a `workflows/` one stands in."""
    whole = folder.resolve()
    return whole.parent if whole.name == "workflows" else folder
