"""A ticket stays with the version of the workflow that it was opened under."""

import pytest

from casewright.commands import EditFields, ReopenTicket
from casewright.errors import FormRefused, NotFound, ProblemsFound
from casewright.queries import GetActions, GetBoard, GetWorkflow, ListWorkflows

from .small_centre import ANSWER_FORM, CLOSED, HEAD, OPEN

OLD = (
    f"{HEAD}reopen: new ticket\nstates:\n  first: {{{OPEN}, transitions: {{go: second, tell: {{form: answer}}, "
    f"send: {{do: [{{open: errand}}]}}}}}}\n"
    f"  second: {{{OPEN}, transitions: {{close: closed}}}}\n{CLOSED}"
)
NEW = OLD.replace("go: second", "hurry: third").replace("second:", "third:")


def ways(centre, key) -> set[str]:
    offers = centre.desk.ask(GetActions(actor="ana", ticket=key))
    return {offer.name for offer in offers}


def test_running_tickets_stay_and_new_ones_take_the_new_version(centre):
    centre.publish(OLD)
    old = centre.open()
    centre.publish(NEW)
    new = centre.open()

    assert ways(centre, old) == {"go", "tell", "send"}
    assert ways(centre, new) == {"hurry", "tell", "send"}
    with pytest.raises(NotFound):
        centre.fire(old, "hurry")
    assert centre.fire(old, "go").state == "second"
    assert centre.fire(new, "hurry").state == "third"
    assert centre.ticket(old).bundle != centre.ticket(new).bundle

    # the board counts both, each by the titles of its own version
    board = {row.state: row.tickets for row in centre.desk.ask(GetBoard(actor="ana"))}
    assert board == {"second": 1, "third": 1}
    assert centre.fire(old, "close").state == "closed"


def test_an_edit_that_was_not_published_has_no_effect(centre):
    centre.publish(OLD)

    centre.write("workflows/matter.yaml", NEW)
    centre.write("forms/answer.yaml", ANSWER_FORM.replace("minLength: 2", "minLength: 9"))

    assert ways(centre, centre.open()) == {"go", "tell", "send"}
    assert centre.fire(centre.open(), "tell", answer="short").state == "first"


def test_a_form_belongs_to_the_version(centre):
    centre.publish(OLD)
    old = centre.open()
    centre.write("forms/answer.yaml", ANSWER_FORM.replace("minLength: 2", "minLength: 9"))
    centre.publish(OLD)
    new = centre.open()

    centre.fire(old, "tell", answer="short")
    with pytest.raises(FormRefused):
        centre.fire(new, "tell", answer="short")


def test_a_form_of_the_old_version_still_judges_edits(centre):
    centre.publish(OLD)
    old = centre.open(count=1)
    form = (centre.root / "forms/matter.yaml").read_text("utf-8")
    centre.write("forms/matter.yaml", form.replace("  count:", "  number:"))
    centre.publish(OLD)

    centre.desk.execute(EditFields(actor="ana", ticket=old, fields={"count": 2}))

    assert centre.ticket(old).fields == {"count": 2}


def test_a_child_and_a_next_round_take_the_version_of_their_day(centre):
    centre.publish(OLD)
    key = centre.open()
    errand = centre.root / "workflows/errand.yaml"
    errand.write_text(errand.read_text("utf-8").replace("finish:", "complete:"), "utf-8")
    centre.publish(NEW)

    (child,) = centre.fire(key, "send").opened
    centre.fire(key, "go")
    centre.fire(key, "close")
    (second,) = centre.desk.execute(ReopenTicket(actor="ana", ticket=key)).opened

    assert centre.fire(child, "complete", by="ben").state == "closed"
    assert ways(centre, second) == {"hurry", "tell", "send"}


def test_a_version_is_named_by_its_content(centre):
    centre.publish(OLD)
    first = centre.ticket(centre.open()).bundle
    centre.publish(NEW)
    centre.publish(OLD)

    assert centre.ticket(centre.open()).bundle == first
    versions = centre.desk.ask(ListWorkflows(actor="ana"))
    mine = {one.digest: one for one in versions if one.name == "matter"}
    assert len(mine) == 2
    assert [digest for digest, one in mine.items() if one.current] == [first]
    assert mine[first].open_tickets == 2
    old, _ = centre.desk.ask(GetWorkflow(actor="ana", workflow="matter", digest=first))
    assert set(old.states["first"].transitions) == {"go", "tell", "send"}


def test_a_file_with_a_problem_publishes_nothing(centre):
    centre.publish(OLD)
    before = centre.ticket(centre.open()).bundle

    with pytest.raises(ProblemsFound) as refusal:
        centre.publish(NEW.replace("hurry: third", "hurry: thrid"))

    assert refusal.value.count >= 1
    assert "did you mean 'third'" in str(refusal.value)
    assert centre.ticket(centre.open()).bundle == before
