"""The files of a workspace as publishing takes them over: which they are, and what of them is proposed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casewright import strict_json, strict_yaml
from casewright.commands import ProposePublication
from casewright.config import FILE, read_config
from casewright.customers import file as customers
from casewright.delivery.template_files import template_problems
from casewright.desk.intake.naming import FILE as INTAKE
from casewright.desk.intake.naming import intake_problems
from casewright.document import Document
from casewright.errors import ProblemsFound
from casewright.sla.calendar import content_of
from casewright.sla.calendar_file import calendar_files
from casewright.starter import starter_folder
from casewright.workflows import table_csv
from casewright.workflows.bundle import Bundle, bundle
from casewright.workflows.check import check_paths, syntax_first, workflow_files
from casewright.workflows.plugin_files import contents
from casewright.workflows.surroundings import Lent, lent_by_plugins

ROLES = "roles.yaml"
TEMPLATES = Path("workflows", "templates")


def proposal_of(
    root: Path, made: Sequence[Bundle], actor: str, note: str = ""
) -> ProposePublication:
    """Return what publishing these workflows with the files beside them proposes."""
    return ProposePublication(
        workflows=tuple(one.content for one in made),
        calendars={
            path.stem: content_of(strict_yaml.load_file(path).data)
            for path in calendar_files(root)
        },
        tables=_tables(root),
        roles=_roles(root),
        templates=_templates(root),
        customers=_customers(root),
        files={**contents(root, lent_to(root).files), **_intake(root)},
        note=note,
        actor=actor,
    )


def bundles_of(root: Path, paths: Sequence[Path]) -> list[Bundle]:
    """Return what would be published of the workflow files; ProblemsFound when one of them is not fit for it."""
    files = [file for path in paths for file in workflow_files(path)]
    found = [
        *check_paths(paths),
        *template_problems(root / TEMPLATES),
        *customers.problems_in(root),
        *intake_problems(root),
    ]
    grave = tuple(problem for problem in syntax_first(found) if problem.grave)
    if grave:
        raise ProblemsFound.of(grave)
    forms = {path.stem: form_data(path) for path in files_in(root / "forms")}
    vocabulary = lent_to(root).vocabulary
    return [bundle(strict_yaml.load_file(file).data, forms, vocabulary) for file in files]


def lent_to(root: Path) -> Lent:
    """Return what plugins lend to the workspace."""
    return lent_by_plugins(read_config(root) if (root / FILE).is_file() else None)


def _tables(root: Path) -> dict[str, Any]:
    return {path.stem: _table(path).data for path in files_in(root / "tables")}


def _customers(root: Path) -> Mapping[str, Any]:
    own = root / customers.FILE
    data: Mapping[str, Any] = strict_yaml.load_file(own).data if own.is_file() else {}
    return data


def _intake(root: Path) -> Mapping[str, Any]:
    own = root / INTAKE
    return {INTAKE: strict_yaml.load_file(own).data} if own.is_file() else {}


def _table(path: Path) -> Document:
    return (
        table_csv.load_file(path, file=path.name)
        if path.suffix == ".csv"
        else strict_yaml.load_file(path)
    )


def _templates(root: Path) -> dict[str, Any]:
    return {path.stem: strict_yaml.load_file(path).data for path in files_in(root / TEMPLATES)}


def _roles(root: Path) -> Mapping[str, Any]:
    own = root / ROLES
    file = own if own.is_file() else starter_folder() / ROLES
    roles: Mapping[str, Any] = strict_yaml.load_file(file).data["roles"]
    return roles


def form_data(path: Path) -> Mapping[str, Any]:
    """Return what a form's file holds, of one that was checked."""
    if path.suffix == ".json":
        read = strict_json.loads(path.read_bytes(), file=path.name)
    else:
        read = strict_yaml.load_file(path).data
    assert isinstance(read, dict), "a form that was checked is a mapping"
    return read


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder that publishing takes over."""
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir() if path.suffix in (".yaml", ".yml", ".json", ".csv")
    )
