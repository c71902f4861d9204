"""The shortest way through a workflow, walked: whoever may takes each step, forms filled as plainly as they allow."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from casewright.answers import ActionOffer
from casewright.commands import CastVote, Command, FireTransition
from casewright.errors import CasewrightError, Message, message
from casewright.forms.spec import Form
from casewright.model import SYSTEM, Ticket
from casewright.queries import GetActions, GetWorkflow
from casewright.rehearse.filling import Filling
from casewright.rehearse.opening import likeliest
from casewright.rehearse.play import Play, reason_of
from casewright.rehearse.report import Finding
from casewright.swift_dataclass import dataclass
from casewright.workflows.guesses import Guesses
from casewright.workflows.spec import Workflow
from casewright.workflows.ways import ways

BETWEEN_STEPS = timedelta(minutes=30)
"""Working time that passes between two steps."""
MOST_STEPS = 200
_REASON = "rehearsal"
_FAR = 10_000


def walk(play: Play, end: datetime) -> None:
    """Bring every ticket to an end, those first that others wait for; a finding says where there was no way."""
    walker = _Walker(play=play)
    for _ in range(MOST_STEPS):
        open_ones = [one for one in reversed(play.tickets()) if one.open]
        resting = [one for one in open_ones if not walker.rests(one)]
        if not resting:
            return
        if any(walker.step(ticket) for ticket in resting):
            walker.let_time_pass()
        elif not walker.wait(end):
            break
    for ticket in play.tickets():
        if ticket.open and not walker.rests(ticket):
            play.findings.append(walker.stuck(ticket))


@dataclass(slots=True, kw_only=True)
class _Walker:
    """Walks the tickets of a play; `visits` keeps it from going in circles."""

    play: Play
    visits: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: dict[str, CasewrightError] = field(default_factory=dict)

    def rests(self, ticket: Ticket) -> bool:
        """Whether the ticket is where it may stay."""
        return self._workflow(ticket)[0].states[ticket.state].rests

    def step(self, ticket: Ticket) -> bool:
        """Take the best step that somebody may take; return whether there was one."""
        workflow, forms = self._workflow(ticket)
        self.visits[ticket.key, ticket.state] += 1
        for offer, actors in self._offers(ticket, workflow):
            for command in self._commands(ticket, offer, actors, forms):
                try:
                    self.play.execute(command)
                except CasewrightError as error:
                    self.refusals[ticket.key] = error
                else:
                    return True
        return False

    def let_time_pass(self) -> None:
        """Let half an hour of work go by."""
        now = self.play.simulation.now
        self.play.simulation.pass_until(self.play.stage.calendar.due(now, BETWEEN_STEPS))

    def wait(self, end: datetime) -> bool:
        """Wait for the next thing that happens by itself; return whether there is one before `end`."""
        moment = self.play.simulation.next_moment
        if moment is None or moment > end:
            return False
        self.play.simulation.pass_until(moment)
        return True

    def stuck(self, ticket: Ticket) -> Finding:
        """Return that a ticket could not be brought to an end."""
        refusal = self.refusals.get(ticket.key)
        why: Message = (
            message("nobody may take any way out of it")
            if refusal is None
            else reason_of(refusal)
        )
        stage = self.play.stage
        template = "{ticket} came no further than '{state}': {why}"
        return Finding(
            code="rehearsal.stuck",
            what=message(template, ticket=ticket.key, state=ticket.state, why=why),
            advice=message(
                "see who may leave this state, or walk the way in a scenario of your own (--scenario)"
            ),
            place=stage.document.key_place(("states", *ticket.state.split("."))),
        )

    def _workflow(self, ticket: Ticket) -> tuple[Workflow, Mapping[str, Form]]:
        query = GetWorkflow(actor=SYSTEM, workflow=ticket.workflow, digest=ticket.bundle)
        found: tuple[Workflow, Mapping[str, Form]] = self.play.stage.desk.ask_as_system(query)
        return found

    def _offers(
        self, ticket: Ticket, workflow: Workflow
    ) -> Iterator[tuple[ActionOffer, Sequence[str]]]:
        """Yield what may be done with a ticket and by whom, the shortest way to an end first."""
        far = distances(workflow)
        found: dict[str, tuple[ActionOffer, list[str]]] = {}
        for name in self._people(ticket):
            for offer in self._asked(ticket, name):
                found.setdefault(offer.name, (offer, []))[1].append(name)

        def rank(one: tuple[ActionOffer, list[str]]) -> tuple[int, int]:
            steps = min((far.get(to, _FAR) for to in one[0].targets), default=_FAR)
            seen = min((self.visits[ticket.key, to] for to in one[0].targets), default=_FAR)
            return seen, steps

        wanted = [one for one in found.values() if one[0].targets and one[0].name != "deny"]
        yield from sorted(wanted, key=rank)

    def _people(self, ticket: Ticket) -> tuple[str, ...]:
        nearest = (ticket.handler, ticket.owner, ticket.opener)
        staff = self.play.stage.people
        near = (name for name in nearest if name is not None and name in staff)
        return tuple(dict.fromkeys((*near, *likeliest(self.play))))

    def _asked(self, ticket: Ticket, name: str) -> list[ActionOffer]:
        query = GetActions(actor=name, ticket=ticket.key)
        try:
            offers: Sequence[ActionOffer] = self.play.stage.desk.ask(query)
        except CasewrightError:
            return []
        return [one for one in offers if one.blocked is None]

    def _commands(
        self,
        ticket: Ticket,
        offer: ActionOffer,
        actors: Sequence[str],
        forms: Mapping[str, Form],
    ) -> Iterator[Command]:
        """Yield the ways to take a step: by the first who may, with less and with more in its form."""
        actor = actors[0]
        if offer.name == "grant":
            yield CastVote(actor=actor, ticket=ticket.key, grant=True, reason=_REASON)
            return
        form = forms[offer.form] if offer.form is not None else None
        for filling in self._fillings(ticket) if form is not None else ():
            assert form is not None
            values, left = filling.fill(form)
            if not left:
                yield FireTransition(
                    actor=actor,
                    ticket=ticket.key,
                    transition=offer.name,
                    form=values,
                    reason=_REASON,
                )
        if form is None:
            yield FireTransition(
                actor=actor, ticket=ticket.key, transition=offer.name, reason=_REASON
            )

    def _fillings(self, ticket: Ticket) -> Iterator[Filling]:
        for everything in (False, True):
            for yes in (True, False):
                yield Filling(
                    tables=self.play.stage.tables,
                    people=self._people(ticket),
                    day=self.play.simulation.now.astimezone(self.play.stage.zone).date(),
                    everything=everything,
                    yes=yes,
                )


def distances(workflow: Workflow) -> dict[str, int]:
    """Return how many steps each state is from an end: from a final state, or from one where a ticket may stay."""
    back: dict[str, list[str]] = {name: [] for name in workflow.states}
    for name, out in ways(workflow, Guesses()).items():
        for way in out:
            back[way.to].append(name)
    far = {name: 0 for name, state in workflow.states.items() if state.final}
    waiting = deque(far)
    while waiting:
        name = waiting.popleft()
        for before in back[name]:
            if before not in far:
                far[before] = far[name] + 1
                waiting.append(before)
    return far
