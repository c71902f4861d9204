"""The workflows: what is published, what waits for approval, and what a check of the files finds."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from casewright.answers import ProposedPublication, Published, WorkspaceCheck
from casewright.model import Person
from casewright.queries import CheckWorkspace, ListPublications, ListWorkflows
from casewright_tui import controls
from casewright_tui.errands import asking
from casewright_tui.lines import Lines
from casewright_tui.messages import Changed
from casewright_tui.pure import check
from casewright_tui.screens.list_screen import ListScreen
from casewright_tui.widgets.lines_view import LinesView


class WorkflowsScreen(ListScreen):
    """Workflows and the files of the workspace."""

    PLACE = "workflows"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("workflows")]

    def __init__(self) -> None:
        super().__init__()
        self._published: Sequence[Published] = ()
        self._waiting: Sequence[ProposedPublication] = ()
        self._check: WorkspaceCheck | None = None
        self._staff: Mapping[str, Person] = {}

    def titled(self) -> str:
        """Return what they are called."""
        return self.texts.text("Workflows")

    def listed(self, width: int) -> Lines:
        """Return all of it."""
        files = self._check.files if self._check is not None else ()
        return check.listed(files, self._published, self._waiting, self.texts, width)

    def told(self, id: str, width: int) -> Lines:
        """Return the versions of a workflow, the problems or changes of a file, or a proposal."""
        people = {
            name: one.zh if self.texts.lang == "zh" else one.en
            for name, one in self._staff.items()
        }
        if id.startswith(check.WORKFLOW):
            return check.versions(
                self._published, id.removeprefix(check.WORKFLOW), people, self.texts
            )
        if id.startswith(check.PUBLICATION):
            number = int(id.removeprefix(check.PUBLICATION))
            one = next(one for one in self._waiting if one.number == number)
            return check.publication(one, people, self.texts, width)
        path = id.removeprefix(check.FILE)
        file = (
            next((one for one in self._check.files if one.path == path), None)
            if self._check
            else None
        )
        if file is None:
            return ()
        problems = check.problems(file, self.texts, width)
        return problems or check.changes(file, self.texts, width)

    async def refreshed(self) -> None:
        """Ask for what is published and waits, and have the files checked."""
        self._staff = await self.terminal.site.people(self.actor)
        self._published = await self.ask(ListWorkflows(actor=self.actor))
        self._waiting = await self.ask(ListPublications(actor=self.actor, state="waiting"))
        self.draw()
        if self.terminal.myself is not None and asking.may(
            self.terminal.myself, "workflow.check"
        ):
            first = self._check is None
            self._check = await self.ask(CheckWorkspace(actor=self.actor), lane="eyes")
            self.draw()
            if first:
                self.list.action_edge(-1)

    async def changed(self, change: Changed) -> None:
        """The files are checked again when one comes back or asks; tickets change nothing here."""

    def on_screen_resume(self) -> None:
        """Show what became of it meanwhile."""
        if self._shown:
            self.call_later(self.action_refresh)

    async def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to the file, the proposal, or the workflow's diagram."""
        id = chosen.line.id
        if id.startswith(check.FILE):
            self.go("file", path=id.removeprefix(check.FILE))
        elif id.startswith(check.PUBLICATION):
            self.go("publication", number=int(id.removeprefix(check.PUBLICATION)))
        elif id.startswith(check.WORKFLOW):
            self.action_diagram()

    def action_diagram(self) -> None:
        """Show the chosen workflow as a diagram."""
        if self.chosen.startswith(check.WORKFLOW):
            self.go("workflow", workflow=self.chosen.removeprefix(check.WORKFLOW))
