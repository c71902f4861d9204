"""From a workspace's files to what is published: checked first, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewright import strict_json, strict_yaml
from casewright.answers import Published
from casewright.commands import PublishCalendar, PublishTables, PublishWorkflow
from casewright.config import FILE, read_config
from casewright.customers import file as customers
from casewright.delivery.template_files import template_problems
from casewright.desk.embedded import Desk
from casewright.document import Document
from casewright.errors import ProblemsFound
from casewright.model import SYSTEM
from casewright.queries import ListWorkflows
from casewright.sla.calendar import content_of
from casewright.sla.calendar_file import calendar_files
from casewright.starter import starter_folder
from casewright.workflows import table_csv
from casewright.workflows.bundle import Bundle, bundle
from casewright.workflows.check import check_paths, workflow_files
from casewright.workflows.plugin_files import contents
from casewright.workflows.surroundings import Lent, lent_by_plugins

ROLES = "roles.yaml"
TEMPLATES = Path("workflows", "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was published: the versions that are current now, of the workflows named, and the other files as `file_changes` tells."""

    workflows: tuple[Published, ...]
    files: Mapping[str, str]


def publish(
    desk: Desk, root: Path, paths: Sequence[Path], *, actor: str
) -> tuple[Published, ...]:
    """Publish as `publish_workspace` does; return the versions that are current now, of the workflows named."""
    return publish_workspace(desk, root, paths, actor=actor).workflows


def publish_workspace(
    desk: Desk, root: Path, paths: Sequence[Path], *, actor: str
) -> Publication:
    """Publish the workflow files with the workspace's tables, roles, calendars, templates and `customers.yaml`.

    ProblemsFound, and nothing is published, where one of them is not fit for it.
    """
    made = bundles_of(root, paths)
    run = desk.execute_as_system if actor == SYSTEM else desk.execute
    with desk.batch():
        receipt = run(
            PublishTables(
                tables=_tables(root),
                roles=_roles(root),
                templates=_templates(root),
                customers=_customers(root),
                files=contents(root, _lent(root).files),
                actor=actor,
            )
        )
        for path in calendar_files(root):
            content = content_of(strict_yaml.load_file(path).data)
            run(PublishCalendar(name=path.stem, content=content, actor=actor))
        for one in made:
            run(PublishWorkflow(content=one.content, actor=actor))
    names = {one.name for one in made}
    published: tuple[Published, ...] = desk.ask_as_system(ListWorkflows(actor=SYSTEM))
    current = tuple(one for one in published if one.current and one.name in names)
    return Publication(workflows=current, files=receipt.answer or {})


def bundles_of(root: Path, paths: Sequence[Path]) -> list[Bundle]:
    """Return what would be published of the workflow files; ProblemsFound when one of them is not fit for it."""
    files = [file for path in paths for file in workflow_files(path)]
    found = [
        *check_paths(paths),
        *template_problems(root / TEMPLATES),
        *customers.problems_in(root),
    ]
    grave = tuple(problem for problem in found if problem.grave)
    if grave:
        raise ProblemsFound.of(grave)
    forms = {path.stem: _data(path) for path in _files(root / "forms")}
    vocabulary = _lent(root).vocabulary
    return [bundle(strict_yaml.load_file(file).data, forms, vocabulary) for file in files]


def _lent(root: Path) -> Lent:
    return lent_by_plugins(read_config(root) if (root / FILE).is_file() else None)


def _tables(root: Path) -> dict[str, Any]:
    return {path.stem: _table(path).data for path in _files(root / "tables")}


def _customers(root: Path) -> Mapping[str, Any]:
    own = root / customers.FILE
    data: Mapping[str, Any] = strict_yaml.load_file(own).data if own.is_file() else {}
    return data


def _table(path: Path) -> Document:
    return (
        table_csv.load_file(path, file=path.name)
        if path.suffix == ".csv"
        else strict_yaml.load_file(path)
    )


def _templates(root: Path) -> dict[str, Any]:
    return {path.stem: strict_yaml.load_file(path).data for path in _files(root / TEMPLATES)}


def _roles(root: Path) -> Mapping[str, Any]:
    own = root / ROLES
    file = own if own.is_file() else starter_folder() / ROLES
    roles: Mapping[str, Any] = strict_yaml.load_file(file).data["roles"]
    return roles


def _data(path: Path) -> Mapping[str, Any]:
    if path.suffix == ".json":
        read = strict_json.loads(path.read_bytes(), file=path.name)
    else:
        read = strict_yaml.load_file(path).data
    assert isinstance(read, dict), "a form that was checked is a mapping"
    return read


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir() if path.suffix in (".yaml", ".yml", ".json", ".csv")
    )
