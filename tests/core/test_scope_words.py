"""`department` and `queue`: by what a ticket is reached beside its parties."""

import pytest

from casewright.commands import EditFields, SavePerson
from casewright.errors import NotFound
from casewright.model import SYSTEM
from casewright.queries import GetTicket, ListTickets
from casewright.workflows.load import workflow_from_data
from casewright.workflows.spec import Expression

from .small_centre import CLOSED, HEAD, OPEN, ROLES, SmallCentre

STATES = f"states:\n  first: {{{OPEN}, transitions: {{finish: closed}}}}\n{CLOSED}"
SCOPED = """\
  office: {title: {en: Office, zh: 部门}, permissions: {department: [ticket.read, ticket.comment]}}
  line: {title: {en: Line, zh: 热线}, permissions: {queues: [ticket.read]}}
"""


class ScopedCentre(SmallCentre):
    """A centre with two who see no ticket but those of their department, or of their queues."""

    def publish(self, text: str) -> None:
        self.write("roles.yaml", ROLES + SCOPED)
        super().publish(text)
        self.let("nora", roles=("office",), department="north")
        self.let("sid", roles=("office",), department="south")
        self.let("quin", roles=("line",), queues=("投诉", "calls"))

    def let(self, name: str, **said) -> None:
        self.desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, **said))

    def sees(self, name: str) -> list[str]:
        found = self.desk.ask(ListTickets(actor=name, limit=100)).tickets
        listed = sorted(one.key for one in found)
        for key in self.keys("matter"):
            if key in listed:
                assert self.desk.ask(GetTicket(actor=name, ticket=key)).key == key
            else:
                with pytest.raises(NotFound):
                    self.desk.ask(GetTicket(actor=name, ticket=key))
        return listed


@pytest.fixture
def centre(workspace, clock):
    made = ScopedCentre(workspace, clock)
    yield made
    made.desk.close()


def heading(**words: str) -> str:
    said = "".join(f"{word}: {value}\n" for word, value in words.items())
    return HEAD + said + STATES


def test_a_department_reaches_the_tickets_that_are_with_it_now(centre):
    centre.publish(heading(department='"=fields.kind"'))
    north, nowhere = centre.open(kind="north"), centre.open()

    assert (centre.sees("nora"), centre.sees("sid")) == ([north], [])
    centre.desk.execute(EditFields(actor="ana", ticket=north, fields={"kind": "south"}))
    centre.desk.execute(EditFields(actor="ana", ticket=nowhere, fields={"kind": "north"}))
    assert (centre.sees("nora"), centre.sees("sid")) == ([nowhere], [north])


def test_a_department_written_plainly_is_every_tickets(centre):
    centre.publish(heading(department="north"))
    key = centre.open()

    assert (centre.sees("nora"), centre.sees("sid")) == ([key], [])


@pytest.mark.parametrize("queue", ["投诉", "\"=fields.urgent ? '投诉' : ''\""])
def test_a_queue_is_reached_by_who_serves_it(centre, queue):
    centre.publish(heading(queue=queue))
    key = centre.open(urgent=True)

    assert centre.sees("quin") == [key]
    centre.let("quin", queues=("calls",))
    assert centre.sees("quin") == []


def test_an_expression_that_gives_nothing_or_cannot_be_worked_out_names_none(centre):
    centre.publish(
        heading(queue="\"=fields.urgent ? '投诉' : ''\"", department='"=fields.kind"')
    )
    centre.let("blank", roles=("office",), department="")
    centre.open(urgent=False)
    centre.open()

    assert (centre.sees("quin"), centre.sees("nora"), centre.sees("blank")) == ([], [], [])


def test_a_workflow_that_says_neither_is_reached_by_neither(centre):
    centre.publish(heading())
    centre.open(kind="north")

    assert (centre.sees("quin"), centre.sees("nora")) == ([], [])


@pytest.mark.parametrize(
    "text", ["投诉", "a 'quoted' \"one\"", "back\\slash", "tab\tand\nline"]
)
def test_a_plain_text_is_itself_whatever_it_is_made_of(centre, text):
    data = {
        "prefix": "MAT",
        "owner": "opener",
        "start": "first",
        "states": {"first": {"rests": True}},
    }
    found = workflow_from_data("matter", {**data, "queue": text, "department": "=fields.kind"})
    centre.publish(heading())
    guards = centre.desk._library.current("matter").guards

    assert found.department == Expression("fields.kind")
    assert found.queue is not None
    assert guards.value(found.queue, {}) == text
