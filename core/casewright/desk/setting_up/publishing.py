"""From a workspace's files to what is published: checked first, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from casewright import strict_yaml
from casewright.answers import Published
from casewright.commands import ProposePublication
from casewright.customers.settings import FILE as CUSTOMERS
from casewright.desk.embedded import Desk
from casewright.desk.setting_up.file_changes import GONE, TAKEN_OVER, UNCHANGED
from casewright.desk.setting_up.workspace_files import bundles_of, proposal_of
from casewright.errors import AuthorityLacking, Problem, ProblemsFound
from casewright.front_door import FrontDoor
from casewright.model import is_system
from casewright.queries import GetPublication, ListWorkflows
from casewright.swift_dataclass import dataclass
from casewright.workflows.check import workflow_files


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
    command = proposal_of(root, made, actor, note)
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


def _files_told(command: ProposePublication, changed: Mapping[str, str]) -> Mapping[str, str]:
    """Return for each file that is no workflow whether it is taken over, unchanged, or gone."""
    named = {*(command.files or {}), *((CUSTOMERS,) if command.customers else ())}
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
