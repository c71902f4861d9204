"""Two people publish: what one proposes holds once another approves it, and only within its author's rights."""

from datetime import timedelta
from pathlib import Path

import pytest

from casewright.commands import (
    DecidePublication,
    FireTransition,
    ProposePublication,
    PublishTables,
    SavePerson,
    WithdrawPublication,
)
from casewright.desk import publish, publish_workspace
from casewright.desk.setting_up.workspace_files import bundles_of
from casewright.errors import (
    AuthorityLacking,
    CommandRefused,
    DatabaseDamaged,
    NotAllowed,
    NotFound,
    ProblemsFound,
    PublicationRefused,
)
from casewright.model import SYSTEM
from casewright.queries import GetPublication, ListPublications, ListWorkflows

from .small_centre import CLOSED, HEAD, OPEN, ROLES, SmallCentre

PLAIN = f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{finish: closed}}}}\n{CLOSED}"
RENAMED = PLAIN.replace("zh: 事项", "zh: 新事项")
LAWS = """\
  author: {title: {en: Author, zh: 编写人}, permissions: {all: [workflow.publish, ticket.read], own: [ticket.comment]}}
  approver: {title: {en: Approver, zh: 审批人}, permissions: [workflow.approve, ticket.read]}
  boss: {title: {en: Boss, zh: 主管}, permissions: [people.edit, workflow.publish, workflow.approve]}
"""


class Publishers(SmallCentre):
    """A centre in which Wang writes, Xia and Yan approve."""

    def publish(self, text: str) -> None:
        self.write("roles.yaml", ROLES + LAWS)
        super().publish(text)
        self.let("wang", "author")
        self.let("xia", "approver")
        self.let("yan", "approver")

    def let(self, name: str, *roles: str, active: bool = True) -> None:
        command = SavePerson(actor=SYSTEM, name=name, roles=roles, active=active)
        self.desk.execute_as_system(command)

    def propose(self, text: str, actor: str = "wang", note: str = ""):
        self.write("workflows/matter.yaml", text)
        paths = [self.root / "workflows"]
        return publish_workspace(self.desk, self.root, paths, actor=actor, note=note)

    def approve(self, number: int, actor: str = "xia") -> None:
        command = DecidePublication(actor=actor, publication=number, grant=True)
        self.desk.execute(command)

    def publication(self, number: int):
        return self.desk.ask(GetPublication(actor="rita", publication=number))

    def current(self) -> dict[str, str]:
        found = self.desk.ask(ListWorkflows(actor="rita"))
        return {one.name: one.digest for one in found if one.current}

    def title(self) -> str:
        found = self.desk.ask(ListWorkflows(actor="rita"))
        return next(one.title.zh for one in found if one.current and one.name == "matter")


@pytest.fixture
def centre(workspace: Path, clock):
    made = Publishers(workspace, clock)
    made.publish(PLAIN)
    yield made
    made.desk.close()


def doing(*actions: str) -> str:
    done = f"do: [{', '.join(actions)}]"
    return (
        f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{finish: {{to: closed, {done}}}}}}}\n"
        f"{CLOSED}"
    )


# --- two people ----------------------------------------------------------------------------------


def test_a_proposal_changes_nothing_until_somebody_else_approves_it(centre):
    before = centre.current()

    came = centre.propose(RENAMED, note="new title")

    assert (came.state, centre.current(), centre.title()) == ("waiting", before, "事项")
    waiting = centre.publication(came.number)
    assert (waiting.proposed_by, waiting.note) == ("wang", "new title")
    assert waiting.changes == {"workflow": {"matter": "changed"}}

    centre.approve(came.number)

    assert centre.title() == "新事项"
    assert centre.current()["matter"] == waiting.workflows["matter"]
    decided = centre.publication(came.number)
    assert (decided.state, decided.decided_by, decided.alone) == ("published", "xia", False)


def test_what_is_published_is_what_was_proposed_whatever_became_of_the_files(centre):
    came = centre.propose(RENAMED)
    centre.write("workflows/matter.yaml", RENAMED.replace("新事项", "偷换"))

    centre.approve(came.number)

    assert centre.title() == "新事项"


def test_whoever_proposed_it_cannot_approve_it_where_somebody_else_can(centre):
    centre.let("wang", "author", "approver")
    came = centre.propose(RENAMED)

    with pytest.raises(PublicationRefused, match="xia, yan may"):
        centre.approve(came.number, actor="wang")

    assert centre.title() == "事项"
    centre.approve(came.number)
    assert centre.title() == "新事项"


def test_who_alone_may_approve_publishes_at_once_and_that_is_recorded(centre):
    centre.let("xia", "approver", active=False)
    centre.let("yan", "boss")
    centre.clock.advance(timedelta(days=8))

    came = centre.propose(RENAMED, actor="yan")

    assert (came.state, centre.title()) == ("published", "新事项")
    recorded = centre.publication(came.number)
    assert (recorded.proposed_by, recorded.decided_by, recorded.alone) == ("yan", "yan", True)


def test_who_takes_the_right_from_the_second_person_is_not_alone_for_a_week(centre):
    centre.let("yan", "boss")
    centre.desk.execute(SavePerson(actor="yan", name="xia", active=False))

    came = centre.propose(RENAMED, actor="yan")

    assert (came.state, centre.title()) == ("waiting", "事项")
    with pytest.raises(PublicationRefused, match="xia could approve it until"):
        centre.approve(came.number, actor="yan")
    centre.clock.advance(timedelta(days=8))
    centre.approve(came.number, actor="yan")
    assert (centre.title(), centre.publication(came.number).alone) == ("新事项", True)


@pytest.mark.parametrize("left", [{"roles": ("reader",)}, {"active": False}])
def test_a_right_taken_away_is_answered_and_given_back_counts_no_more(centre, left):
    centre.let("yan", "boss")

    taken = centre.desk.execute(SavePerson(actor="yan", name="xia", **left))
    centre.let("xia", "approver")
    came = centre.propose(RENAMED, actor="yan")

    assert taken.answer == {"no_longer_approves": "xia"}
    with pytest.raises(PublicationRefused, match="somebody else has to approve"):
        centre.approve(came.number, actor="yan")


def test_a_single_approver_does_not_publish_what_another_proposes(centre):
    centre.let("xia", "approver", active=False)

    came = centre.propose(RENAMED)

    assert came.state == "waiting"
    centre.approve(came.number, actor="yan")
    assert centre.publication(came.number).alone is False


def test_where_nobody_may_approve_nothing_is_proposed(centre):
    for name in ("xia", "yan"):
        centre.let(name, "approver", active=False)

    with pytest.raises(CommandRefused, match="nobody may approve it"):
        centre.propose(RENAMED)

    assert centre.desk.ask(ListPublications(actor="rita", state="waiting")) == ()


@pytest.mark.parametrize("actor", ["ana", "xia", "rita"])
def test_who_may_not_publish_proposes_nothing(centre, actor):
    with pytest.raises(NotAllowed, match=r"workflow\.publish"):
        centre.propose(RENAMED, actor=actor)


@pytest.mark.parametrize("grant", [True, False])
def test_who_may_not_approve_decides_nothing(centre, grant):
    came = centre.propose(RENAMED)
    command = DecidePublication(
        actor="wang", publication=came.number, grant=grant, reason="because"
    )

    with pytest.raises(NotAllowed, match=r"workflow\.approve"):
        centre.desk.execute(command)

    assert centre.publication(came.number).state == "waiting"


def test_only_the_product_itself_publishes_without_a_second_person(centre):
    command = PublishTables(actor="wang", tables={}, roles={})

    with pytest.raises(NotAllowed):
        centre.desk.execute(command)


def test_a_proposal_is_refused_with_a_reason_and_once(centre):
    came = centre.propose(RENAMED)
    number = came.number
    without = DecidePublication(actor="xia", publication=number, grant=False, reason=" ")

    with pytest.raises(PublicationRefused, match="say why"):
        centre.desk.execute(without)
    centre.desk.execute(
        DecidePublication(actor="xia", publication=number, grant=False, reason="标题不清楚")
    )

    refused = centre.publication(number)
    assert (refused.state, refused.decided_by, refused.reason) == (
        "refused",
        "xia",
        "标题不清楚",
    )
    with pytest.raises(PublicationRefused, match="decided already, by xia"):
        centre.approve(number, actor="yan")
    assert centre.title() == "事项"


def test_one_takes_back_what_one_proposed_and_nobody_elses(centre):
    came = centre.propose(RENAMED)
    centre.let("zhao", "author")

    with pytest.raises(PublicationRefused, match="wang proposed it"):
        centre.desk.execute(WithdrawPublication(actor="zhao", publication=came.number))
    centre.desk.execute(WithdrawPublication(actor="wang", publication=came.number))

    taken = centre.publication(came.number)
    assert (taken.state, taken.decided_by) == ("refused", "wang")


def test_a_proposal_that_rests_on_what_is_no_more_has_to_be_made_again(centre):
    first = centre.propose(RENAMED)
    second = centre.propose(RENAMED.replace("新事项", "第二稿"))
    centre.approve(second.number)

    with pytest.raises(PublicationRefused, match="propose it again"):
        centre.approve(first.number)

    assert centre.title() == "第二稿"
    again = centre.propose(RENAMED)
    centre.approve(again.number)
    assert centre.title() == "新事项"


def test_what_would_change_nothing_is_not_proposed(centre):
    came = centre.propose(PLAIN)

    assert (came.state, came.number) == ("unchanged", None)
    assert len(centre.desk.ask(ListPublications(actor="rita"))) == 1  # the set-up's own


def test_everything_beside_the_workflows_is_proposed_with_them_and_told_by_name(centre):
    centre.write(
        "tables/more.yaml",
        (centre.root / "tables/places.yaml").read_text().replace("places", "more"),
    )
    (centre.root / "tables/places.yaml").unlink()
    centre.write("roles.yaml", (ROLES + LAWS).replace("Reader", "Onlooker"))

    came = centre.propose(RENAMED)

    assert centre.publication(came.number).changes == {
        "workflow": {"matter": "changed"},
        "table": {"more": "new", "places": "gone"},
        "role": {"reader": "changed"},
    }


def test_who_approves_sees_what_a_role_may_do_then_permission_by_permission(centre):
    laws = LAWS.replace(
        "all: [workflow.publish, ticket.read]", "all: [workflow.*, people.edit]"
    )
    centre.write("roles.yaml", ROLES + laws)
    came = centre.propose(RENAMED)

    seen = centre.desk.ask(GetPublication(actor="xia", publication=came.number)).details

    assert seen["role"]["author"] == (
        "- all: ticket.read",
        "+ all: people.edit",
        "+ all: workflow.*",
        "+ all: workflow.approve",
        "+ all: workflow.check",
    )
    assert seen["workflow"]["matter"] == (
        '- workflow.title.zh: "事项"',
        '+ workflow.title.zh: "新事项"',
    )
    assert centre.publication(came.number).details == {}  # Rita neither writes nor approves


def test_what_is_new_goes_or_moves_in_a_list_is_shown_line_by_line(centre):
    def seen(**said):
        answer = centre.desk.execute(ProposePublication(actor="wang", **said)).answer
        query = GetPublication(actor="xia", publication=int(answer["publication"]))
        return centre.desk.ask(query).details

    centre.desk.execute_as_system(
        ProposePublication(actor=SYSTEM, files={"a.yaml": {"list": [1, 2, 3], "on": True}})
    )

    changed = seen(files={"a.yaml": {"list": [1, 9, 2, 3], "on": 1}})
    assert changed["file"]["a.yaml"] == ("+ list.1: 9", "- on: true", "+ on: 1")
    other = seen(files={"b.yaml": {"x y": "\u202etxt"}})
    assert other["file"] == {
        "a.yaml": ("- list: [1,2,3]", "- on: true"),
        "b.yaml": ('+ "x y": "\\u202etxt"',),
    }


def test_an_approval_of_another_content_than_the_one_shown_is_refused(centre):
    came = centre.propose(RENAMED)
    digest = centre.publication(came.number).digest

    for wrong in ("0" * 64, digest[:4], f"{digest}0"):
        said = {"publication": came.number, "grant": True, "digest": wrong}
        with pytest.raises(PublicationRefused, match="look at it again"):
            centre.desk.execute(DecidePublication(actor="xia", **said))
    said = {"publication": came.number, "grant": True, "digest": digest[:12]}
    centre.desk.execute(DecidePublication(actor="xia", **said))

    assert centre.title() == "新事项"


@pytest.mark.parametrize(
    ("name", "permissions", "said"),
    [
        ("x\x1b", ["ticket.read"], "control characters"),
        ("agent", "people.edit", "permissions"),
        ("agent", ["nonsense"], "unknown permission"),
        ("agent", ["*"], "unknown permission"),
        ("agent", ["ticket.r*"], "unknown permission"),
        ("agent", ["nobody.*"], "unknown permission"),
        ("agent", {"galaxy": ["ticket.read"]}, "unknown scope"),
        ("agent", {"own": ["audit.verify"]}, "no scope"),
    ],
)
def test_roles_are_checked_at_the_desk_as_in_their_file(centre, name, permissions, said):
    role = {"title": {"en": "Role", "zh": "角色"}, "permissions": permissions}

    with pytest.raises(CommandRefused, match=said):
        centre.desk.execute(ProposePublication(actor="wang", roles={name: role}))

    assert centre.desk.ask(ListPublications(actor="rita", state="waiting")) == ()


@pytest.mark.parametrize("words", ["x" * 2_001, "a\x1b[2Jb", "\u202eb"])
def test_a_note_or_a_reason_that_a_screen_would_obey_or_without_end_is_refused(centre, words):
    came = centre.propose(RENAMED)

    with pytest.raises(CommandRefused, match="a text"):
        centre.desk.execute(ProposePublication(actor="wang", tables={}, note=words))
    for value in ("en", "zh", "team", "department"):
        with pytest.raises(CommandRefused, match="a text"):
            centre.desk.execute_as_system(
                SavePerson(actor=SYSTEM, name="xia", **{value: words})
            )
    command = DecidePublication(actor="xia", publication=came.number, grant=False, reason=words)
    with pytest.raises(CommandRefused, match="a text"):
        centre.desk.execute(command)

    assert centre.publication(came.number).state == "waiting"


def test_publications_are_listed_page_by_page(centre):
    numbers = [centre.propose(RENAMED.replace("新", str(one))).number for one in range(3)]

    def page(**asked):
        found = centre.desk.ask(ListPublications(actor="rita", **asked))
        return [one.number for one in found]

    assert page(limit=2) == numbers[:0:-1]
    assert page(limit=2, before=numbers[1]) == [numbers[0], numbers[0] - 1]
    assert (page(limit=0), page(before=-1), page(before=2**70)) == (numbers[-1:], [], page())


def test_a_proposal_sent_twice_under_one_id_is_one(centre):
    command = ProposePublication(actor="wang", tables={})

    first = centre.desk.execute(command)
    second = centre.desk.execute(command)

    assert (first.answer, second.repeated) == (second.answer, True)
    assert len(centre.desk.ask(ListPublications(actor="rita", state="waiting"))) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"roles": {"agent": {"title": 1}}},
        {"roles": {"agent": None}},
        {"tables": {"places": []}},
        {"workflows": (b"{}",)},
        {"workflows": (b"\xff",)},
        {"calendars": {"office": b"[]"}},
        {"calendars": {"office": b"\xff"}},
    ],
)
def test_what_nobody_checked_and_could_not_be_read_again_is_refused_whole(centre, said):
    with pytest.raises(CommandRefused, match="workflow check"):
        centre.desk.execute(ProposePublication(actor="wang", **said))

    assert centre.desk.ask(ListPublications(actor="rita", state="waiting")) == ()


def test_roles_that_would_leave_nobody_to_approve_are_refused(centre):
    written = (ROLES + LAWS).replace("workflow.approve", "ticket.read")
    centre.write("roles.yaml", written)

    with pytest.raises(CommandRefused, match=r"nobody would have .*'workflow\.approve'"):
        centre.propose(PLAIN)


def test_a_publication_that_is_not_there_is_not_found(centre):
    for number in (0, 99, -1, 2**70):
        with pytest.raises(NotFound):
            centre.desk.ask(GetPublication(actor="rita", publication=number))


def test_what_was_proposed_cannot_be_exchanged_before_it_is_approved(centre):
    came = centre.propose(RENAMED)
    swapped = centre.propose(RENAMED.replace("新事项", "偷换"))
    with centre.desk._database.write():
        centre.desk._database.execute(
            "UPDATE publication SET content = (SELECT content FROM publication WHERE id = ?) WHERE id = ?",
            (swapped.number, came.number),
        )

    with pytest.raises(DatabaseDamaged, match="publication"):
        centre.approve(came.number)

    assert centre.title() == "事项"


# --- the author's rights -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "permission"),
    [
        (doing("{set: {note: x}}"), "ticket.edit"),
        (doing("{open: errand}"), "ticket.open"),
        (doing("{link: '=fields.other'}"), "ticket.link"),
        (doing("{assign: user:ben}"), "ticket.assign"),
        (doing("{renew_owner: true}"), "ticket.assign"),
        (doing("{raise_priority: high}"), "ticket.escalate"),
        (
            PLAIN.replace("{finish: closed}", "{finish: closed}, after: {1 day: finish}"),
            "ticket.fire",
        ),
        (
            PLAIN.replace("  first: {", "  first: {on_enter: [{assign: user:ben}], "),
            "ticket.assign",
        ),
    ],
)
def test_a_workflow_does_nothing_by_itself_that_its_author_may_not_do(centre, text, permission):
    with pytest.raises(ProblemsFound, match=permission) as refused:
        centre.propose(text)

    place = refused.value.problems[0].place
    assert (Path(place.file).name, place.line > 0) == ("matter.yaml", True)
    assert centre.desk.ask(ListPublications(actor="rita", state="waiting")) == ()


def test_telling_needs_no_right_and_a_comment_the_one_to_comment(centre):
    came = centre.propose(doing("{tell: owner}", "{comment: done}"))

    assert came.state == "waiting"


def test_a_front_end_without_the_files_is_told_where_in_the_workflow_it_is(centre):
    centre.write("workflows/matter.yaml", doing("{assign: user:ben}"))
    made = bundles_of(centre.root, [centre.root / "workflows" / "matter.yaml"])
    command = ProposePublication(actor="wang", workflows=tuple(one.content for one in made))

    with pytest.raises(
        AuthorityLacking, match=r"states\.first\.transitions\.finish\.do\.0"
    ) as refused:
        centre.desk.execute(command)

    assert (refused.value.workflow, refused.value.author) == ("matter", "wang")


def test_a_leaver_never_stops_what_their_workflow_does(centre):
    centre.propose(doing("{comment: written by Wang}"))
    centre.approve(2)
    key = centre.open()

    centre.let("wang", "reader", active=False)
    centre.fire(key, "finish")

    assert centre.last(key).private["comments"] == ["written by Wang"]


def test_the_rights_kept_are_those_the_author_has_when_it_is_approved_and_had_before(centre):
    centre.let("wang", "author", "agent")
    centre.propose(doing("{comment: written by Wang}"))
    centre.let("wang", "author", "reader")
    centre.approve(2)
    with centre.desk._database.read():
        kept = centre.desk._database.execute(
            "SELECT rights FROM bundle WHERE published_by = 'wang'"
        ).fetchone()[0]

    assert "ticket.assign" not in kept
    assert "ticket.*" not in kept
    assert "ticket.comment" in kept


def test_what_was_approved_is_not_undone_by_a_later_demotion(centre):
    centre.let("wang", "author", "agent")
    centre.propose(
        PLAIN.replace(
            "{finish: closed}",
            "{finish: {to: closed, by: [handler, timer]}}, after: {1 day: finish}",
        )
    )
    centre.approve(2)
    key = centre.open()
    centre.let("wang", "reader")

    centre.clock.advance(timedelta(days=2))
    working = centre.desk.working()
    while working.sweep() or working.fire():
        pass

    assert centre.ticket(key).state == "closed"


def test_who_lost_the_rights_or_left_before_it_was_approved_has_to_be_followed_by_another(
    centre,
):
    centre.let("wang", "author", "agent")
    came = centre.propose(doing("{assign: user:ben}"))

    centre.let("wang", "author")
    with pytest.raises(AuthorityLacking, match=r"ticket\.assign"):
        centre.approve(came.number)
    centre.let("wang", "author", "agent", active=False)
    with pytest.raises(PublicationRefused, match="no longer active"):
        centre.approve(came.number)

    assert centre.title() == "事项"


def test_what_is_beyond_the_rights_stored_with_a_version_is_left_out_and_noted(centre):
    centre.let("wang", "author", "agent")
    centre.propose(doing("{comment: said}", "{assign: user:ben}"))
    centre.approve(2)
    with centre.desk._database.write():
        centre.desk._database.execute(
            """UPDATE bundle SET rights = '["ticket.comment"]' WHERE published_by = 'wang'"""
        )
    key = centre.open()

    centre.fire(key, "finish")

    event = centre.last(key)
    assert event.facts["beyond_rights"] == [["assign", "ticket.assign"]]
    assert (centre.ticket(key).handler, event.private["comments"]) == ("ana", ["said"])


def without_right(centre: Publishers, text: str) -> str:
    """Publish `text` as the set-up, take all rights from it but to comment, and open a ticket."""
    centre.write("workflows/matter.yaml", text)
    publish(centre.desk, centre.root, [centre.root / "workflows"], actor=SYSTEM)
    with centre.desk._database.write():
        centre.desk._database.execute("""UPDATE bundle SET rights = '["ticket.comment"]'""")
    centre.desk._library._compiled.clear()
    return centre.open()


def all_that_is_due(centre: Publishers) -> None:
    working = centre.desk.working()
    while working.sweep() or working.fire():
        pass


def test_the_clock_takes_no_transition_beyond_the_rights_and_says_so(centre):
    key = without_right(
        centre,
        PLAIN.replace(
            "{finish: closed}",
            "{finish: {to: closed, by: [handler, timer]}}, after: {1 day: finish}",
        ),
    )

    centre.clock.advance(timedelta(days=1, hours=1))
    all_that_is_due(centre)

    event = centre.last(key)
    assert centre.ticket(key).state == "first"
    assert event.facts["refused"] == "transition.refused"
    assert "ana" in event.facts["told"]


def test_a_ladder_beyond_the_rights_still_tells_everybody(centre):
    ladder = (
        "promises: {handling: {from: opened, until: closed, within: 1 hour}}\n"
        "ladder:\n  handling:\n"
        "    - {at: 100%, tell: owner, do: [{raise_priority: urgent}, {fire: finish}, {comment: late}]}\n"
    )
    key = without_right(
        centre,
        PLAIN.replace("{finish: closed}", "{finish: {to: closed, by: [handler, timer]}}")
        + ladder,
    )

    centre.clock.advance(timedelta(hours=2))
    all_that_is_due(centre)

    event = centre.last(key)
    assert (centre.ticket(key).state, centre.ticket(key).priority) == ("first", "normal")
    assert event.facts["told"] == ["olga"]
    assert event.private["comments"] == ["late"]
    assert event.facts["beyond_rights"] == [
        ["raise_priority", "ticket.escalate"],
        ["fire", "ticket.fire"],
    ]


def test_a_workflow_that_stays_as_it_is_needs_no_rights_of_who_changes_a_table(centre):
    publish(centre.desk, centre.root, [centre.root / "workflows"], actor=SYSTEM)
    centre.write("workflows/matter.yaml", doing("{assign: user:ben}"))
    publish(centre.desk, centre.root, [centre.root / "workflows"], actor=SYSTEM)
    centre.write(
        "tables/places.yaml",
        (centre.root / "tables/places.yaml").read_text().replace("North", "Northern"),
    )

    came = centre.propose(doing("{assign: user:ben}"))

    assert (came.state, came.changes) == ("waiting", {"table": {"places": "changed"}})


def test_what_the_set_up_published_may_do_everything(centre):
    centre.write("workflows/matter.yaml", doing("{assign: user:ben}"))
    publish(centre.desk, centre.root, [centre.root / "workflows"], actor=SYSTEM)
    key = centre.open()

    centre.desk.execute(FireTransition(actor="ana", ticket=key, transition="finish"))

    assert centre.ticket(key).handler == "ben"
