"""From a workflow file, a table or a file of roles to the values that the engine works with."""

from pathlib import Path

import pytest

from casewright import strict_yaml
from casewright.access.roles import PERMISSIONS, load_roles, roles_from_data
from casewright.bilingual import Bilingual
from casewright.durations import Duration
from casewright.starter import starter_folder
from casewright.workflows.bundle import bundle, unbundle
from casewright.workflows.load import read_workflow, workflow_from_data
from casewright.workflows.spec import (
    CLOCK,
    HANDLER,
    Case,
    Constant,
    Expression,
    Party,
    Target,
    Threshold,
    Timed,
)
from casewright.workflows.surroundings import read_surroundings, root_of
from casewright.workflows.tables import load_table

from .workflow_workspace import DEPARTMENTS, FORMS, PARCEL, marked, workspace

LEADER = Party("role", "leader")


@pytest.fixture(scope="module")
def parcel():
    workflow, problems = read_workflow(strict_yaml.load(PARCEL, file="parcel.yaml"))
    assert problems == []
    assert workflow is not None
    return workflow


def test_inner_states_are_flattened_and_share_the_outer_ones_transitions(parcel):
    asking = parcel.states["in_work.asking"]

    assert list(parcel.states)[:3] == ["registered", "in_work.searching", "in_work.asking"]
    assert asking.parent == "in_work"
    assert list(asking.transitions) == ["answered", "silent", "find"]
    assert parcel.outers["in_work"].start == "in_work.searching"


def test_a_target_names_a_sibling_first_and_an_outer_state_means_its_start(parcel):
    searching, registered = parcel.states["in_work.searching"], parcel.states["registered"]

    assert searching.transitions["ask"].cases == (Case(to="in_work.asking"),)
    assert registered.transitions["accept"].cases == (Case(to="in_work.searching"),)
    assert parcel.reopen.to == "in_work.searching"


def test_shorthand_is_expanded_and_nobody_named_means_the_handler(parcel):
    ask = parcel.states["in_work.searching"].transitions["ask"]

    assert ask.by == (Party("relation", "handler"),)
    assert ask.title == Bilingual(en="Ask", zh="Ask")
    assert (ask.needs, ask.form, ask.limit) == ((), None, None)


def test_the_clock_may_take_what_after_names_unless_its_by_says_otherwise():
    text = PARCEL.replace(
        "ask: asking", "ask: asking\n        after: {2 days: ask, 9 days: find}"
    )

    workflow, problems = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert problems == []
    assert workflow is not None
    searching, asking = workflow.states["in_work.searching"], workflow.states["in_work.asking"]
    assert searching.transitions["ask"].by == (HANDLER, CLOCK)
    assert searching.transitions["find"].by == (HANDLER, CLOCK)
    assert asking.transitions["find"].by == (HANDLER,)
    assert asking.transitions["silent"].by == (CLOCK,)


def test_a_transition_without_a_target_stays():
    text = PARCEL.replace("ask: asking", "ask: asking\n          note: {needs: reason}")

    workflow, _ = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert workflow is not None
    assert workflow.states["in_work.searching"].transitions["note"].cases == ()


def test_cases_keep_their_order_and_conditions(parcel):
    close = parcel.states["found"].transitions["close"]

    assert close.cases == (
        Case(to="in_work.searching", when=Expression("fields.again")),
        Case(to="closed"),
    )


def test_durations_thresholds_and_parties_are_read(parcel):
    first, repeated = parcel.ladder["handling"]

    assert parcel.states["in_work.asking"].after == (
        Timed(after=Duration(amount=5, unit="days"), transition="silent"),
    )
    assert first.at == Threshold(percent=80)
    assert (repeated.every, repeated.times) == (Duration(amount=4, unit="hours"), 5)
    assert (repeated.at, repeated.tell) == (Threshold(percent=100), (LEADER,))
    assert parcel.owner == (
        Party("expression", "lookup('departments', fields.department).head"),
        LEADER,
    )


def test_a_step_of_a_ladder_may_name_a_template_a_time_for_taking_it_and_nobody():
    steps = """\
  handling:
    - {at: 80%, tell: owner, via: wecom, template: parcel_late, taken_within: 2 hours}
    - {at: 100%, do: [{tell: customer, template: customer}]}
"""
    text = PARCEL[: PARCEL.index("ladder:")] + "ladder:\n" + steps

    workflow, problems = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert problems == []
    assert workflow is not None
    told, done = workflow.ladder["handling"]
    assert (told.via, told.template) == (("wecom",), "parcel_late")
    assert told.taken_within == Duration(amount=2, unit="hours")
    assert (done.tell, done.template, done.taken_within) == ((), "", None)
    assert done.do[0].template == "customer"


@pytest.mark.parametrize("written", ["from_now", "from_start"])
def test_what_a_new_target_means_is_from_now_unless_said_otherwise(parcel, written):
    text = PARCEL.replace("    from: opened", f"    recalculate: {written}\n    from: opened")

    workflow, _ = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert workflow is not None
    assert workflow.promises["handling"].recalculate == written
    assert parcel.promises["handling"].recalculate == "from_now"


def test_a_promise_has_targets_by_priority_and_pauses_by_full_name(parcel):
    promise = parcel.promises["handling"]

    assert promise.targets[0] == Target(
        within=Duration(amount=4, unit="hours"), priority="urgent"
    )
    assert (promise.begins, promise.until) == ("opened", ("found", "closed"))
    assert promise.pauses == ("in_work.asking",)


def test_an_outer_state_in_pauses_means_all_its_inner_ones():
    text = PARCEL.replace("[in_work.asking]", "in_work")

    workflow, _ = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert workflow is not None
    assert workflow.promises["handling"].pauses == ("in_work.asking", "in_work.searching")


def test_an_approval_in_steps_is_read_with_its_conditions(parcel):
    approval = parcel.states["declining"].approve

    assert approval is not None
    assert [step.number for step in approval.steps] == [1, 2]
    assert approval.steps[0].votes == Constant(1)
    assert approval.steps[0].when == Expression("fields.amount > 500")
    assert approval.steps[1].votes == Expression("fields.amount > 5000 ? 2 : 1")
    assert approval.excepting == (Party("relation", "submitter"),)


def test_an_action_has_its_verb_its_argument_and_its_values(parcel):
    opened, filled = parcel.states["in_work.searching"].on_enter

    assert (opened.verb, opened.argument, opened.role) == ("open", "errand", "search")
    assert opened.fields == {
        "department": Expression("fields.department"),
        "kind": Constant("search"),
    }
    assert (filled.verb, filled.argument) == ("set", {"note": Constant("searched")})


def test_withdrawn_and_merged_are_final_states_of_every_workflow(parcel):
    assert parcel.states["withdrawn"].title == Bilingual(en="Withdrawn", zh="已撤单")
    assert parcel.states["merged"].title == Bilingual(en="Merged", zh="已并案")
    assert parcel.states["withdrawn"].final
    assert parcel.states["merged"].final


def test_a_declared_withdrawn_keeps_its_own_title():
    declared = (
        "  withdrawn: {final: true, title: {en: Taken back, zh: 已撤诉}}\n  closed: {final"
    )
    text = PARCEL.replace("  closed: {final", declared)

    workflow, _ = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert workflow is not None
    assert workflow.states["withdrawn"].title.zh == "已撤诉"


def test_conditions_of_an_outer_state_hold_for_its_inner_ones_too():
    text = PARCEL.replace(
        "    start: searching\n",
        '    start: searching\n    needs: note\n    when: "fields.again"\n',
    ).replace("        waiting: customer\n", '        when: "1 < 2"\n        needs: [result]\n')

    workflow, _ = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert workflow is not None
    asking = workflow.states["in_work.asking"]
    assert asking.needs == ("note", "result")
    assert asking.when == Expression("(fields.again) && (1 < 2)")
    assert workflow.states["in_work.searching"].when == Expression("fields.again")


def test_a_shared_transition_is_offered_by_each_state_that_names_it(parcel):
    found, registered = parcel.states["found"], parcel.states["registered"]

    assert list(found.transitions) == ["close", "chase"]
    assert found.transitions["chase"].key == "c"
    assert "chase" not in registered.transitions


SHARED = """\
    shared: [chase]
    states:
      searching:
        title: {en: Searching, zh: 查找中}
        transitions: {chase: asking}
      asking:
        title: {en: Asking, zh: 询问中}
        transitions: {answered: searching}
      found:
        title: {en: Found inside, zh: 内部找到}
        shared: chase
        transitions: {answered: searching}
"""


def test_what_stands_nearer_wins_and_a_shared_target_is_a_state_of_the_top():
    inner = PARCEL[PARCEL.index("    states:\n") : PARCEL.index("    transitions:\n      find")]
    text = PARCEL.replace(inner, SHARED).replace("owner], key: c", "owner], to: found, key: c")

    workflow, problems = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert (workflow is not None, problems) == (True, [])
    ways = {
        name: state.transitions["chase"].cases[0].to
        for name, state in workflow.states.items()
        if name.startswith("in_work.")
    }
    assert ways == {
        "in_work.searching": "in_work.asking",
        "in_work.asking": "found",
        "in_work.found": "found",
    }


@pytest.mark.parametrize(
    ("written", "start", "starts"),
    [
        ("registered", "registered", ()),
        ("in_work", "in_work.searching", ()),
        (
            "[{to: in_work, when: fields.again}, {to: found}]",
            "found",
            (Case(to="in_work.searching", when=Expression("fields.again")), Case(to="found")),
        ),
        (
            "[{to: found, when: fields.again}]",
            "found",
            (Case(to="found", when=Expression("fields.again")),),
        ),
    ],
)
def test_the_start_is_a_state_or_cases(written, start, starts):
    text = PARCEL.replace("start: registered", f"start: {written}")

    workflow, problems = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert (workflow is not None, problems) == (True, [])
    assert (workflow.start, workflow.starts) == (start, starts)


def test_somebody_told_may_be_given_by_an_expression():
    text = PARCEL.replace("tell: opener", 'tell: [opener, "=fields.note"]').replace(
        "tell: role:leader", 'tell: "=fields.note"'
    )

    workflow, problems = read_workflow(strict_yaml.load(text, file="parcel.yaml"))

    assert (workflow is not None, problems) == (True, [])
    written = Party("expression", "fields.note")
    told = workflow.states["found"].transitions["chase"].do[0].argument
    assert told == (Party("relation", "opener"), written)
    assert workflow.ladder["handling"][1].tell == (written,)


def test_the_forms_of_a_workflow_are_its_own_and_its_transitions(parcel):
    assert parcel.forms == ("parcel", "closing")


def test_a_file_without_states_gives_no_workflow_but_all_its_problems():
    workflow, problems = read_workflow(strict_yaml.load("prefix: x\nfrom: z\n", file="w.yaml"))

    assert workflow is None
    assert {one.code for one in problems} >= {"workflow.missing_word", "workflow.unknown_word"}


def test_a_workflow_out_of_a_bundle_is_the_one_that_went_in(parcel):
    data = strict_yaml.load(PARCEL, file="parcel.yaml").data
    forms = {name: strict_yaml.load(text, file=name).data for name, text in FORMS.items()}

    made = bundle(data, forms)
    workflow, used = unbundle(made.content)

    assert workflow == workflow_from_data("parcel", data, digest=made.digest)
    assert list(used) == ["parcel", "closing"]
    assert len(made.digest) == 64


def test_a_bundle_is_named_by_what_it_holds_in_file_order():
    data = strict_yaml.load(PARCEL, file="parcel.yaml").data
    forms = {name: strict_yaml.load(text, file=name).data for name, text in FORMS.items()}
    turned = {**data, "states": dict(reversed(data["states"].items()))}
    other = {**forms, "closing": {**forms["closing"], "description": "changed"}}
    unused = {**forms, "odd": {}}

    digest = bundle(data, forms).digest

    assert bundle(data, forms).digest == digest
    assert bundle(data, unused).digest == digest
    assert bundle(turned, forms).digest != digest
    assert bundle(data, other).digest != digest


def test_a_table_gives_rows_labels_and_parents(tmp_path):
    workspace(tmp_path)

    table, problems = load_table(tmp_path / "tables" / "departments.yaml")

    assert problems == []
    assert table is not None
    assert table.rows == {"front": {"head": "ana"}, "yard": {}}
    assert table.labels["yard"] == Bilingual(en="Yard", zh="货场")
    assert table.parents == {"yard": "front"}
    assert table.columns == {"head": Bilingual(en="Head", zh="责任人")}


def test_a_table_in_csv_is_the_same_as_one_in_yaml(tmp_path):
    path = tmp_path / "departments.csv"
    path.write_text(
        "\ufeffkey,en,zh,parent,head\nfront,Front desk,前台,,ana\nyard,Yard,货场,front,\n"
    )
    workspace(tmp_path)

    table, problems = load_table(path)
    same, _ = load_table(tmp_path / "tables" / "departments.yaml")

    assert problems == []
    assert table is not None
    assert same is not None
    assert (table.rows, table.labels, table.parents) == (same.rows, same.labels, same.parents)


@pytest.mark.parametrize(
    ("old", "new", "code", "fragment"),
    [
        ("parent: front", "parent: ¦frnt", "unknown_row", "did you mean 'front'?"),
        ("head: ana", "¦haed: ana", "unknown_column", "did you mean 'head'?"),
        ("head: ana", "head: ¦12", "wrong_shape", "put 12 in quotes"),
        ("yard: {en: Yard, zh: 货场, ", "¦yard: {en: Yard, ", "bad_text", "'zh' is missing"),
        ("table: departments", "table: ¦departement", "name_differs", "departments"),
        ("table:", "¦tabel:", "unknown_word", "did you mean 'table'?"),
        ("title:", "¦titel:", "unknown_word", "did you mean 'title'?"),
        ("parent: front", "parent: ¦yard", "circle", "below itself"),
        ("columns: {head", "columns: {¦en", "bad_name", "cannot be the name"),
    ],
)
def test_a_table_with_a_fault_is_refused_at_its_place(tmp_path, old, new, code, fragment):
    path = tmp_path / "departments.yaml"
    assert DEPARTMENTS.count(old) == 1
    text, place = marked(DEPARTMENTS.replace(old, new))
    path.write_text(text, encoding="utf-8")

    table, problems = load_table(path)

    assert table is None
    hits = [
        one for one in problems if one.code == f"table.{code}" and fragment in str(one.message)
    ]
    assert [str(one.place) for one in hits] == [f"{path}:{place}"]


@pytest.mark.parametrize(
    ("text", "fragment", "line"),
    [
        ("key,en\nfront,Front\n", "'zh' is missing", 1),
        ("key,en,zh\nfront,Front,前台\nfront,Front,前台\n", "'front' appears twice", 3),
        ("key,en,zh\nfront,Front\n", "2 cells", 2),
        ("key,en,zh,zh\n", "'zh' appears twice", 1),
        ('key,en,zh\nfront,"Front,前台\n', "not valid CSV", 2),
        ("key,en,zh\nfront,Fro\u202ent,前台\n", "U+202E", 2),
        ("key,en,zh\nfront,Fro\x00nt,前台\n", "U+0000", 2),
        ("key,en,zh," + ",".join(f"c{n}" for n in range(300)), "at most 200 columns", 1),
    ],
)
def test_a_csv_table_with_a_fault_is_refused_at_its_line(tmp_path, text, fragment, line):
    path = tmp_path / "departments.csv"
    path.write_text(text, encoding="utf-8")

    table, problems = load_table(path)

    assert table is None
    assert fragment in str(problems[0].message)
    assert problems[0].place.line == line


def test_a_csv_table_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "departments.csv"
    path.write_bytes(b"key,en,zh\nfront,Front,\xff\n")

    table, problems = load_table(path)

    assert table is None
    assert (problems[0].code, problems[0].place.line) == ("table.unreadable", 2)


def test_a_role_allows_what_it_names_and_what_its_star_covers():
    title = {"en": "Leader", "zh": "班长"}
    roles = roles_from_data(
        {"roles": {"leader": {"title": title, "permissions": ["ticket.*", "audit.verify"]}}}
    )

    leader = roles["leader"]

    assert leader.allows("ticket.vote")
    assert leader.allows("audit.verify")
    assert not leader.allows("people.edit")
    assert not leader.allows("ticketing.open")


@pytest.mark.parametrize(
    ("old", "new", "code", "fragment"),
    [
        (
            "[ticket.read]",
            "[¦ticket.raed]",
            "unknown_permission",
            "did you mean 'ticket.read'?",
        ),
        ("[ticket.read]", "[¦tickets.*]", "unknown_permission", "tickets.*"),
        ("permissions:", "¦permission:", "unknown_word", "did you mean 'permissions'?"),
        ("roles:", "¦rolls:", "wrong_shape", "roles:"),
        ("{en: Reader, zh: 员}", "¦{en: Reader, cn: 员}", "bad_text", "unknown language 'cn'"),
    ],
)
def test_a_role_with_a_fault_is_refused_at_its_place(tmp_path, old, new, code, fragment):
    text = "roles:\n  reader: {title: {en: Reader, zh: 员}, permissions: [ticket.read]}\n"
    assert text.count(old) == 1
    path = tmp_path / "roles.yaml"
    text, place = marked(text.replace(old, new))
    path.write_text(text, encoding="utf-8")

    roles, problems = load_roles(path)

    assert roles == {}
    hits = [
        one for one in problems if one.code == f"roles.{code}" and fragment in str(one.message)
    ]
    assert [str(one.place) for one in hits] == [f"{path}:{place}"]


def test_the_starter_roles_hold_every_permission_between_them():
    roles, problems = load_roles(
        starter_folder() / "roles.yaml", unnamed=("knowledge", "routing")
    )

    assert problems == []
    assert [
        one for one in PERMISSIONS if not any(role.allows(one) for role in roles.values())
    ] == []


def test_a_workspace_without_roles_has_the_starter_ones(tmp_path):
    surroundings, problems = read_surroundings(tmp_path)

    assert problems == []
    assert "team_leader" in surroundings.roles


def test_the_surroundings_know_the_other_workflows_and_their_forms(tmp_path):
    path = workspace(tmp_path)

    surroundings, problems = read_surroundings(root_of(path))

    assert problems == []
    assert surroundings.workflows == {"errand": "errand", "parcel": "parcel"}
    assert set(surroundings.forms) == set(FORMS)
    assert set(surroundings.tables) == {"departments"}


def test_the_workspace_of_a_lone_file_is_its_own_folder(tmp_path):
    assert root_of(tmp_path / "w.yaml") == tmp_path
    assert root_of(Path("workflows/w.yaml")) == Path()
