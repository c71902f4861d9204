"""From a workspace's files to what is published: checked first, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casewright import strict_json, strict_yaml
from casewright.answers import Published
from casewright.commands import ProposePublication
from casewright.config import FILE, read_config
from casewright.customers import file as customers
from casewright.delivery.template_files import template_problems
from casewright.desk.embedded import Desk
from casewright.desk.intake.naming import FILE as INTAKE
from casewright.desk.intake.naming import intake_problems
from casewright.desk.setting_up.file_changes import GONE, TAKEN_OVER, UNCHANGED
from casewright.document import Document
from casewright.errors import AuthorityLacking, Problem, ProblemsFound
from casewright.front_door import FrontDoor
from casewright.model import is_system
from casewright.queries import GetPublication, ListWorkflows
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
    """What publishing came to: `state` is `published`, `waiting` for somebody's approval, or `unchanged`.

    `workflows` are the versions that are current now, of the workflows named; `files` says of the other files what
    `file_changes` tells, and `changes` what became, or would become, of everything, as in `ProposedPublication`.
    """

    workflows: tuple[Published, ...]
    files: Mapping[str, str]
    state: str
    number: int | None = None
    changes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def publish(
    desk: Desk, root: Path, paths: Sequence[Path], *, actor: str
) -> tuple[Published, ...]:
    """Publish as `publish_workspace` does; return the versions that are current now, of the workflows named."""
    return publish_workspace(desk, root, paths, actor=actor).workflows


def publish_workspace(
    desk: FrontDoor, root: Path, paths: Sequence[Path], *, actor: str, note: str = ""
) -> Publication:
    """Propose the workflow files with the workspace's tables, roles, calendars, templates and `customers.yaml`.

    What the product itself proposes, or who alone may approve, is published at once. ProblemsFound, and nothing is
    proposed, where one of the files is not fit for it or does by itself what the actor may not do.
    """
    made = bundles_of(root, paths)
    command = _proposal(root, made, actor, note)
    said = _Saying(desk, actor)
    try:
        answer = said.execute(command).answer or {}
    except AuthorityLacking as lacking:
        raise _in_the_files(lacking, paths) from None
    number = int(answer["publication"]) if "publication" in answer else None
    changes: Mapping[str, Mapping[str, str]] = {}
    if number is not None:
        changes = said.ask(GetPublication(actor=actor, publication=number)).changes
    names = {one.name for one in made}
    published: tuple[Published, ...] = said.ask(ListWorkflows(actor=actor))
    return Publication(
        workflows=tuple(one for one in published if one.current and one.name in names),
        files=_files_told(command, changes.get("file", {})),
        state=answer["state"],
        number=number,
        changes=changes,
    )


class _Saying:
    """Says what somebody wants to publish, at a front door; what the product itself wants, at the desk behind it."""

    def __init__(self, desk: FrontDoor, actor: str) -> None:
        if is_system(actor):
            assert isinstance(desk, Desk)
            self.execute, self.ask = desk.execute_as_system, desk.ask_as_system
        else:
            self.execute, self.ask = desk.execute, desk.ask


def _proposal(root: Path, made: Sequence[Bundle], actor: str, note: str) -> ProposePublication:
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
        files={**contents(root, _lent(root).files), **_intake(root)},
        note=note,
        actor=actor,
    )


def _files_told(command: ProposePublication, changed: Mapping[str, str]) -> Mapping[str, str]:
    """Return for each file that is no workflow whether it is taken over, unchanged, or gone."""
    named = {*(command.files or {}), *((customers.FILE,) if command.customers else ())}
    return {
        name: _TOLD[changed[name]] if name in changed else UNCHANGED
        for name in sorted({*named, *changed})
    }


_TOLD = {"new": TAKEN_OVER, "changed": TAKEN_OVER, "gone": GONE}


def _in_the_files(lacking: AuthorityLacking, paths: Sequence[Path]) -> ProblemsFound:
    """Return the same refusal with the places in the files of what their author may not do."""
    documents = {
        document.data["workflow"]: document
        for document in (
            strict_yaml.load_file(file) for path in paths for file in workflow_files(path)
        )
    }
    return ProblemsFound.of(
        [
            Problem(code=AuthorityLacking.code, message=reason, place=documents[name].place(at))
            for name, at, reason in lacking.needs
        ]
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
