"""What stands around a workflow in its workspace: forms, tables, roles, calendars and the other workflows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casewright import strict_yaml
from casewright.access.roles import Role, load_roles
from casewright.errors import FileUnreadable, Problem, YamlRefused
from casewright.forms.load import load_form
from casewright.forms.spec import Form
from casewright.starter import starter_folder
from casewright.workflows.tables import SUFFIXES, Table, load_table

WORKFLOW_SUFFIXES = (".yaml", ".yml")
FORM_SUFFIXES = (".yaml", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a workflow may name; `workflows` says which form each of them is opened with.

    `broken` holds the forms and tables that are there but have problems of their own.
    `calendars` is None in a workspace that has none yet.
    """

    forms: Mapping[str, Form] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    workflows: Mapping[str, str | None] = field(default_factory=dict)
    calendars: frozenset[str] | None = None
    broken: frozenset[str] = frozenset()


def read_surroundings(root: Path) -> tuple[Surroundings, list[Problem]]:
    """Return what the workspace at `root` holds, and what is wrong with its forms, tables and roles."""
    problems: list[Problem] = []
    forms = {path.stem: load_form(path) for path in _files(root / "forms", FORM_SUFFIXES)}
    tables = {path.stem: load_table(path) for path in _files(root / "tables", SUFFIXES)}
    roles, role_problems = load_roles(_roles_file(root))
    for found in (*forms.values(), *tables.values()):
        problems += found[1]
    calendars = [
        path.stem for path in _files(root / "workflows" / "calendars", WORKFLOW_SUFFIXES)
    ]
    surroundings = Surroundings(
        forms={name: form for name, (form, _) in forms.items() if form},
        roles=roles,
        tables={name: table for name, (table, _) in tables.items() if table},
        workflows=dict(map(opening_form, _files(root / "workflows", WORKFLOW_SUFFIXES))),
        calendars=frozenset(calendars) if calendars else None,
        broken=frozenset(
            name for name, (found, _) in (*forms.items(), *tables.items()) if not found
        ),
    )
    return surroundings, problems + role_problems


def root_of(path: Path) -> Path:
    """Return the workspace of a workflow file: the folder above `workflows/`, else the file's own."""
    folder = path.parent
    return folder.parent if folder.name == "workflows" else _above(folder)


def opening_form(path: Path) -> tuple[str, str | None]:
    """Return a workflow file's name and the form its tickets are opened with, as far as it can be read."""
    try:
        data = strict_yaml.load_file(path).data
    except (FileUnreadable, YamlRefused):
        return path.stem, None
    form = data.get("form") if isinstance(data, dict) else None
    return path.stem, form if isinstance(form, str) else None


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in suffixes)


def _roles_file(root: Path) -> Path:
    own = root / "roles.yaml"
    return own if own.exists() else starter_folder() / "roles.yaml"


def _above(folder: Path) -> Path:
    """Return the folder above when the relative `folder` is a `workflows/` one stands in."""
    whole = folder.resolve()
    return whole.parent if whole.name == "workflows" else folder
