"""What somebody proposed to publish: what it would change, approved or refused by whoever may."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.answers import ProposedPublication
from casewright.bilingual import Bilingual
from casewright.commands import DecidePublication
from casewright.errors import message
from casewright.model import Person
from casewright.queries import GetPublication
from casewright_tui import controls
from casewright_tui.errands import asking
from casewright_tui.errands.errand import REASON, Errand
from casewright_tui.messages import FrameChanged
from casewright_tui.pure import check
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView


class PublicationScreen(DeskScreen):
    """One proposal, by its number."""

    PLACE = "publication"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("publication", letters=False)]

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._proposal: ProposedPublication | None = None
        self._staff: Mapping[str, Person] = {}

    def body(self) -> ComposeResult:
        """Yield the lines."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return which proposal it is."""
        return self.texts.say("Proposal {number}", number=self._number)

    async def refreshed(self) -> None:
        """Ask for it anew."""
        self._staff = await self.terminal.site.people(self.actor)
        self._proposal = await self.ask(
            GetPublication(actor=self.actor, publication=self._number)
        )
        self._draw()

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language of now."""
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew."""
        self.call_after_refresh(self._draw)

    def action_approve(self) -> None:
        """Approve what is shown."""
        self._decide(grant=True)

    def action_refuse(self) -> None:
        """Refuse it, with a reason."""
        self._decide(grant=False)

    def _decide(self, *, grant: bool) -> None:
        proposal, myself = self._proposal, self.terminal.myself
        if proposal is None or myself is None or proposal.state != "waiting":
            self.tell("This is decided already.")
        elif not asking.may(myself, "workflow.approve"):
            self.tell("You may not decide on proposals.")
        else:
            self.go("form", instead=True, errand=_errand(proposal, self.actor, grant=grant))

    def _draw(self) -> None:
        if self._proposal is None or not self.is_attached:
            return
        view = self.query_one(LinesView)
        width = max(20, (view.scrollable_content_region.width or self.size.width) - 1)
        zh = self.texts.lang == "zh"
        people = {name: one.zh if zh else one.en for name, one in self._staff.items()}
        view.show(check.publication(self._proposal, people, self.texts, width), look=self.look)


def _errand(proposal: ProposedPublication, actor: str, *, grant: bool) -> Errand:
    """Return the errand that decides on what was shown, and on nothing else."""
    title = (
        Bilingual(
            en=f"Approve proposal {proposal.number}", zh=f"批准发布申请 {proposal.number}"
        )
        if grant
        else Bilingual(
            en=f"Refuse proposal {proposal.number}", zh=f"驳回发布申请 {proposal.number}"
        )
    )
    done = message("it is in force") if grant else message("the proposal is refused")
    return Errand(
        name="decide", title=title, form=asking.form_of("decide", title, asking.reason(required=not grant)),
        make=lambda values: [
            DecidePublication(actor=actor, publication=proposal.number, grant=grant, digest=proposal.digest,
                              reason=values.get(REASON, ""))
        ],
        done=lambda receipts: done, group="others",
    )  # fmt: skip
