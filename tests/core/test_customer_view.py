"""The customer view: what is told when a contact begins, to whom, and how much of it."""

from datetime import timedelta

import pytest

from casewright.answers import ChurnReason
from casewright.commands import (
    FireTransition,
    LogContact,
    MergeCustomers,
    OpenTicket,
    PublishTables,
    ReopenTicket,
    SaveCustomer,
    WithdrawTicket,
)
from casewright.customers.file import load, problems_in
from casewright.desk import publish
from casewright.errors import ProblemsFound
from casewright.model import SYSTEM
from casewright.queries import GetCustomerView

AGENT = "chen_jing"
HANDLER = "zhao_lei"
COMPLAINT = {"subject": "Late", "description": "Three days late", "demand": "a refund"}
INQUIRY = {"subject": "Price", "question": "What does it cost?"}


@pytest.fixture
def c1(desk):
    desk.execute(SaveCustomer(actor=AGENT, id="c1", name="王女士", tier="vip"))
    return desk


def view(desk, customer="c1", actor=AGENT):
    return desk.ask(GetCustomerView(actor=actor, customer=customer))


def complain(desk, customer="c1", actor="li_na", **fields):
    command = OpenTicket(
        actor=actor, workflow="complaint", customer=customer, fields={**COMPLAINT, **fields}
    )
    return desk.execute(command).ticket


def inquire(desk, customer="c1"):
    command = OpenTicket(actor=AGENT, workflow="inquiry", customer=customer, fields=INQUIRY)
    return desk.execute(command).ticket


def withdraw(desk, ticket, actor="li_na"):
    command = WithdrawTicket(actor=actor, ticket=ticket, reason="done", identity_checked=True)
    desk.execute(command)


def again(desk, ticket, **fields):
    """Reopen a complaint as its next round; return its key."""
    command = ReopenTicket(
        actor="liang_chen", ticket=ticket, reason="not solved", fields={**COMPLAINT, **fields}
    )
    return desk.execute(command).opened[0]


def test_of_somebody_new_there_is_nothing_but_what_is_on_file(c1):
    one = view(c1)

    assert (one.customer.name, one.customer.tier) == ("王女士", "vip")
    assert (
        one.open_matters == one.contacts == one.unresolved == one.broken == one.lineages == ()
    )
    assert (one.survey, one.more, one.older, one.merged) == (None, {}, 0, ())
    assert (one.churn.level, one.churn.points, one.churn.reasons) == ("low", 0, ())


def test_open_matters_are_told_newest_first_and_closed_ones_are_not(c1, clock):
    first = inquire(c1)
    clock.advance(timedelta(minutes=1))
    second, third = complain(c1), inquire(c1)
    withdraw(c1, third, actor=AGENT)

    assert [one.key for one in view(c1).open_matters] == [second, first]


def test_each_part_is_short_and_says_how_many_more_there_are(c1, clock):
    for _ in range(12):
        inquire(c1)
    for _ in range(7):
        c1.execute(LogContact(actor=AGENT, customer="c1", channel="call", resolved="no"))

    one = view(c1)

    assert (len(one.open_matters), len(one.contacts), len(one.unresolved)) == (10, 5, 5)
    assert one.more == {"open_matters": 2, "contacts": 2, "unresolved": 2}


def test_what_the_asker_may_not_see_is_not_told_and_not_counted(c1):
    hidden = complain(c1, subject_of_complaint=AGENT)
    shown = complain(c1)
    c1.execute(
        LogContact(
            actor="li_na", customer="c1", channel="call", tickets=(hidden, shown), resolved="no"
        )
    )

    mine, theirs = view(c1), view(c1, actor="li_na")

    assert [one.key for one in mine.open_matters] == [shown]
    assert mine.unresolved[0].tickets == (shown,)
    assert (mine.looked_at, theirs.looked_at) == (1, 2)
    assert [one.name for one in theirs.churn.reasons] == ["complaints", "unresolved"]
    assert [one.name for one in mine.churn.reasons] == ["unresolved"]


def test_whoever_may_read_no_tickets_is_told_of_none(c1):
    complain(c1)

    one = view(c1, actor="gu_min")

    assert (one.open_matters, one.churn, one.looked_at) == ((), None, 0)
    assert one.customer.name == "王女士"


def test_a_broken_promise_is_told_from_the_moment_it_is_broken(c1, clock):
    ticket = complain(c1)
    assert view(c1).broken == ()

    clock.advance(timedelta(days=60))

    broken = view(c1).broken
    assert {one.ticket for one in broken} == {ticket}
    assert all(one.open and one.due < clock.now() for one in broken)
    assert "promises_broken" in [one.name for one in view(c1).churn.reasons]


def test_a_complaint_that_came_back_is_told_with_its_rounds(c1, clock):
    first = complain(c1)
    withdraw(c1, first)
    second = again(c1, first)

    one = view(c1)

    (came,) = one.lineages
    assert [ticket.key for ticket in came.rounds] == [first, second]
    reasons = {reason.name: reason.points for reason in one.churn.reasons}
    assert reasons == {"complained_again": 40, "complaints": 25}
    assert (one.churn.level, one.churn.points) == ("high", 65)


def test_the_gravest_reason_comes_first_in_both_languages(c1):
    withdraw(c1, first := complain(c1))
    again(c1, first)

    reason = view(c1).churn.reasons[0]

    assert isinstance(reason, ChurnReason)
    assert (reason.title.en, reason.title.zh) == ("A complaint came back", "再次投诉")


def test_the_last_survey_is_the_newest_answer_that_means_something(centre_of_surveys):
    desk, answer, clock = centre_of_surveys
    assert view(desk, actor="ana").survey is None
    answer("satisfied")
    clock.advance(timedelta(days=1))
    ticket = answer("very_dissatisfied")
    at = clock.now()
    clock.advance(timedelta(days=1))
    answer("not_said")

    survey = view(desk, actor="ana").survey

    assert (survey.ticket, survey.points, survey.at) == (ticket, 1, at)
    assert survey.title.zh == "非常不满意"


def test_what_was_said_under_another_id_counts_after_a_merge(centre_of_surveys):
    desk, answer, _ = centre_of_surveys
    desk.execute_as_system(SaveCustomer(actor=SYSTEM, id="c2"))
    ticket = answer("very_dissatisfied", customer="c2")
    merge = MergeCustomers(actor=SYSTEM, customer="c2", into="c1", reason="the same")

    desk.execute_as_system(merge)

    one = view(desk, actor="ana")
    assert one.survey.ticket == ticket
    assert [reason.name for reason in one.churn.reasons] == ["unhappy"]


def test_without_a_customers_yaml_there_is_no_risk_to_tell(c1):
    c1.execute_as_system(PublishTables(actor=SYSTEM, tables={}, roles=ROLES))

    assert view(c1, actor=AGENT).churn is None


ROLES = {
    "agent": {"title": {"en": "Agent", "zh": "座席"}, "permissions": ["ticket.*", "customer.*"]}
}
WORKFLOW = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
owner: role:agent
start: first
states:
  first:
    title: {en: Open, zh: 办理中}
    transitions:
      ask: {to: closed, by: anyone, form: survey}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
SURVEY = """\
x-title: {en: Survey, zh: 回访}
type: object
properties:
  content:
    x-title: {en: Content, zh: 满意程度}
    type: string
    enum: [satisfied, very_dissatisfied, not_said]
    x-labels:
      satisfied: {en: Satisfied, zh: 满意}
      very_dissatisfied: {en: Very dissatisfied, zh: 非常不满意}
      not_said: {en: Not said, zh: 未评价}
"""
CUSTOMERS = """\
survey: [{field: content, workflow: matter, points: {satisfied: 4, very_dissatisfied: 1}}]
churn:
  levels: {high: 50, medium: 20}
  rules:
    - {name: unhappy, title: {en: Unhappy, zh: 不满意}, when: "customer.last_survey <= 2", points: 30}
    - {name: silent, title: {en: Silent, zh: 久未联络}, when: "customer.days_since_contact > 30", points: 30}
"""


@pytest.fixture
def centre_of_surveys(centre, clock):
    """A desk with a workflow that ends with a survey, and a function that gives an answer to one."""
    centre.write("customers.yaml", CUSTOMERS)
    centre.write("forms/survey.yaml", SURVEY)
    centre.write(
        "roles.yaml",
        "roles:\n"
        + "".join(
            f"  {name}: {{title: {{en: A, zh: 甲}}, permissions: [ticket.*, customer.*]}}\n"
            for name in ("agent", "leader", "head", "team_leader", "reader")
        ),
    )
    centre.publish(WORKFLOW)
    run = centre.desk.execute_as_system
    run(SaveCustomer(actor=SYSTEM, id="c1"))

    def answer(said, customer="c1"):
        ticket = run(OpenTicket(actor=SYSTEM, workflow="matter", customer=customer)).ticket
        form = {"content": said}
        centre.desk.execute(
            FireTransition(actor="ana", ticket=ticket, transition="ask", form=form)
        )
        return ticket

    return centre.desk, answer, clock


# --- customers.yaml --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("country_code: 86", "1:15", "one to three digits in quotes"),
        ("complants: [x]", "1:1", "did you mean 'complaints'"),
        ("complaints: complaint", "1:13", "workflows that count as complaints"),
        ("survey: 3", "1:9", "where an answer is kept"),
        ("survey: [{points: {a: 1}}]", "1:10", "where an answer is kept"),
        ("survey: [{field: a, points: {a: 6}}]", "1:33", "worth 1 (worst) to 5 (best)"),
        ("churn: [1]", "1:8", "write 'levels:' and 'rules:'"),
        ("churn: {levels: {hihg: 60, medium: 1}}", "1:18", "did you mean 'high'"),
        ("RULE {name: a, title: T, when: highest_round >= 2, points: 1}", "", "did you mean 'customer.highest_round'"),
        ("RULE {name: a, title: T, when: customer.open_matters => 2, points: 1}", "", "write >= instead of =>"),
        ("churn: {levels: {high: 1}}", "1:17", "from how many points on"),
        ("churn: {levels: {high: 1, medium: 2}}", "1:24", "'high' needs more points"),
        ("churn: {levels: {high: 2, medium: true}}", "1:35", "whole number from 1 to 1000"),
        ("RULE 1", "", "a rule has a name"),
        ("RULE {name: A, title: T, when: 'true', points: 1}", "", "small letters, digits and _"),
        ("RULE {name: a, title: T, when: 'true', points: 0}", "", "below 0 for what keeps"),
        ("RULE {name: a, when: 'true', points: 1}", "", "in both languages"),
        ("RULE {name: a, title: T, when: 5, points: 1}", "", "a condition such as"),
        ("RULE {name: a, title: T, when: customer.tier, points: 1}", "", "true or false, but is a text"),
        ("RULE {name: a, title: T, when: customer.opn_matters > 1, points: 1}", "3:59", "did you mean 'customer.open_matters'"),
        ("RULE {name: a, title: T, when: client.tier == 'x', points: 1}", "", "unknown name 'client'"),
        ("RULE {name: a, title: T, when: customer.tier > 1, points: 1}", "", "does not go with"),
        ("RULE {name: a, title: T, when: 'true', points: 1, worth: 1}", "", "unknown word 'worth'"),
        ("[1]", "1:1", "write 'survey:' and 'churn:'"),
        ("a: &x 1", "1:4", "anchors"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file_is_told_with_its_place(tmp_path, text, place, said):
    file = tmp_path / "customers.yaml"
    rule = text.removeprefix("RULE ").replace("title: T", "title: {en: A, zh: 甲}")
    within = f"churn:\n  levels: {{high: 2, medium: 1}}\n  rules: [{rule}]"
    file.write_text(within if text.startswith("RULE") else text, encoding="utf-8")

    data, problems = load(file, file="customers.yaml")

    assert data is None
    assert said in str(problems[0])
    assert place in str(problems[0].place)


MATTER = "form: {name}\nstates: {{a: {{transitions: {{b: {{form: asked}}}}}}}}\n"
ASKED = """\
x-title: {en: Asked, zh: 回访}
type: object
properties:
  satisfaction:
    x-title: {en: Content, zh: 满意程度}
    type: string
    enum: [good, fair]
    x-labels: {good: {en: Good, zh: 满意}, fair: {en: Fair, zh: 一般}}
"""


@pytest.fixture
def named(tmp_path):
    """Return a function that says what is wrong with a file in a workspace of one workflow, two forms and a broken one."""
    for folder in ("workflows", "forms"):
        (tmp_path / folder).mkdir()
    files = {
        "workflows/complaint.yaml": MATTER.format(name="asked"),
        "workflows/odd.yaml": MATTER.format(name="broken"),
        "workflows/unreadable.yaml": "a: &x 1",
        "forms/asked.yaml": ASKED,
        "forms/broken.yaml": "[",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def problems(text):
        (tmp_path / "customers.yaml").write_text(text, encoding="utf-8")
        return problems_in(tmp_path)

    return problems


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("complaints: [complain]", "1:14", "no workflow 'complain'; did you mean 'complaint'?"),
        ("survey: [{workflow: od, field: a, points: {a: 1}}]", "1:21", "did you mean 'odd'"),
        (
            "survey: [{workflow: complaint, field: satisfacton, points: {good: 1}}]",
            "1:39",
            "did you mean 'satisfaction'",
        ),
        (
            "survey: [{workflow: complaint, field: satisfaction, points: {good: 5, fare: 3}}]",
            "1:71",
            "has no choice 'fare'; did you mean 'fair'",
        ),
    ],
)
def test_what_the_file_names_must_be_in_the_workspace(named, text, place, said):
    (problem,) = named(text)

    assert said in str(problem)
    assert str(problem.place).endswith(f"customers.yaml:{place}")


def test_what_cannot_be_read_may_have_any_name_in_it(named):
    for workflow in ("workflow: odd, ", "workflow: unreadable, ", ""):
        text = f"survey: [{{{workflow}field: anything, points: {{any: 3}}}}]"
        assert named(f"complaints: [odd, unreadable]\n{text}") == [], workflow


def test_one_name_stands_for_one_rule(tmp_path):
    rule = '{name: a, title: {en: A, zh: 甲}, when: "true", points: 1}'
    text = f"churn: {{levels: {{high: 2, medium: 1}}, rules: [{rule}, {rule}]}}"
    (tmp_path / "customers.yaml").write_text(text, encoding="utf-8")

    (problem,) = problems_in(tmp_path)

    assert "a rule 'a' already" in str(problem)


def test_a_file_with_a_problem_is_not_published(centre):
    centre.write("customers.yaml", "churn: 5")

    with pytest.raises(ProblemsFound, match=r"customers\.yaml:1:8"):
        publish(centre.desk, centre.root, [centre.root / "workflows"], actor="system")


def test_a_workspace_may_do_without_the_file(tmp_path):
    assert problems_in(tmp_path) == []
