"""Templates: read with places, the workspace's own over the shipped ones, and what people are told by them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.bilingual import Bilingual
from casewright.delivery.restricted_templates import (
    LONGEST_RESULT,
    RestrictedTemplate,
    compiled,
)
from casewright.delivery.sms_text import length
from casewright.delivery.template_files import load_templates
from casewright.delivery.template_filters import FILTERS
from casewright.delivery.template_names import ONE_NOTICE, SEVERAL_NOTICES
from casewright.delivery.wording import Facts, Reader, worded

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHIPPED, _ = load_templates(None)
TAKEABLE = (
    "assigned", "warning", "breach", "after_breach", "next_level", "supervised", "escalated", "notice_refused",
)  # fmt: skip
REASONS = (
    *TAKEABLE, "nobody_to_tell", "follow_up", "supervision_answered", "extension_asked", "extension_decided",
    "undeliverable", "ladder_refused", "timed_transition_refused", "children_closed", "watched",
)  # fmt: skip
FACTS = Facts(
    number=4827,
    reason="warning",
    key="WO-2026-000042",
    title="宽带安装后无法上网，客户要求尽快上门处理",
    state=Bilingual(en="In progress", zh="办理中"),
    priority=Bilingual(en="high", zh="高"),
    workflow=Bilingual(en="Work order", zh="处理工单"),
    promise=Bilingual(en="Answer", zh="办结时限"),
    threshold="80%",
    due=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
)
ENGLISH = Reader(name="Chen Jing", language="en", zone=SHANGHAI)
CHINESE = Reader(name="陈静", language="zh", zone=SHANGHAI)
MINE = """\
template: warning
title: {en: Reminder, zh: 提醒}
subject: {en: "{{ ticket.key }}", zh: "{{ ticket.key }}"}
text:
  en: |
    One line.
    Due {{ notice.due|localtime }}.
  zh: "{{ notice.due|localtime }}到期"
sms:
  text: {en: "{{ ticket.key }}", zh: "{{ ticket.key }}"}
  signature: 客服中心
  id: SMS_1234
  variables: {key: "{{ ticket.key }}", due: {en: "{{ notice.due|localtime }}", zh: "{{ notice.due|localtime }}"}}
"""


def template(source: str, names=ONE_NOTICE) -> RestrictedTemplate:
    made = compiled(source, names)
    assert isinstance(made, RestrictedTemplate), [str(one.message) for one in made]
    return made


def written(folder: Path, text: str, name: str = "warning") -> list[str]:
    """The problems of a workspace with one template of its own, as people read them, without the folder."""
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    _, problems = load_templates(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in problems]


# --- the shipped templates -----------------------------------------------------------------------


def test_the_shipped_templates_are_without_problems_and_cover_every_reason():
    templates, problems = load_templates(None)

    assert problems == []
    assert {*REASONS, "generic", "customer", "bundle"} == set(templates)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("reader", [ENGLISH, CHINESE], ids=lambda reader: reader.language)
def test_a_notice_names_its_ticket_its_number_and_the_due_time_at_the_site(reason, reader):
    told = worded(SHIPPED, [replace(FACTS, reason=reason)], reader, "email")

    assert "WO-2026-000042" in told.subject
    assert "4827" in told.text
    assert FACTS.title in told.text
    if reason not in ("follow_up", "undeliverable"):
        assert "17:00" in told.text
    assert "None" not in told.text
    assert "\n" not in told.subject


@pytest.mark.parametrize("reason", REASONS)
def test_a_chinese_sms_fits_into_one_part_however_long_the_title_is(reason):
    told = worded(SHIPPED, [replace(FACTS, reason=reason, title="很长" * 60)], CHINESE, "sms")

    assert length(told.text).parts == 1
    assert "很" in told.text


@pytest.mark.parametrize("reason", TAKEABLE)
def test_an_sms_says_how_to_take_the_notice_and_how_to_refuse_it(reason):
    facts = replace(FACTS, reason=reason, title="No internet")

    chinese = worded(SHIPPED, [facts], CHINESE, "sms").text
    english = worded(SHIPPED, [facts], ENGLISH, "sms").text

    assert "回复1 4827 15:00接手，2 4827 原因拒绝" in chinese
    assert "Reply 1 4827 15:00 to take it, 2 4827 reason to refuse." in english
    assert length(english).parts == 1


def test_the_signature_counts_when_the_title_is_cut(tmp_path):
    path = Path(__file__).resolve().parents[2] / "workflows" / "templates" / "warning.yaml"
    (tmp_path / "warning.yaml").write_text(
        path.read_text("utf-8") + "  signature: 客服中心\n", encoding="utf-8"
    )
    templates, problems = load_templates(tmp_path)

    told = worded(templates, [FACTS], CHINESE, "sms")
    by_channel = worded(SHIPPED, [FACTS], CHINESE, "sms", signature="客服中心")

    assert problems == []
    assert length(f"【{told.signature}】{told.text}").parts == 1
    assert (by_channel.text, by_channel.signature) == (told.text, "")


def test_without_a_due_time_nothing_is_said_of_one():
    for reason in set(REASONS) - {"warning", "breach", "after_breach"}:
        facts = replace(FACTS, reason=reason, due=None)
        for reader in (ENGLISH, CHINESE):
            for kind in ("email", "sms"):
                told = worded(SHIPPED, [facts], reader, kind).text
                assert "到期" not in told
                assert " due " not in told


def test_a_step_that_is_no_percentage_is_told_by_its_due_time_alone():
    told = worded(SHIPPED, [replace(FACTS, threshold="4 hours before")], CHINESE, "email")

    assert "hours" not in told.text
    assert "80%" in worded(SHIPPED, [FACTS], CHINESE, "email").text


def test_a_promise_without_a_title_is_told_by_a_word():
    told = worded(SHIPPED, [replace(FACTS, promise="")], CHINESE, "email").text

    assert "时限：2026-03-02 17:00到期" in told


def test_a_ticket_without_a_title_is_called_by_its_workflow():
    told = worded(SHIPPED, [replace(FACTS, title="")], CHINESE, "sms").text

    assert told.startswith("WO-2026-000042 处理工单，03-02 17:00到期。")


def test_a_deputy_reads_for_whom_they_are_told():
    facts = replace(FACTS, stands_for=Bilingual(en="Li Na", zh="李娜"))

    assert "in place of Li Na" in worded(SHIPPED, [facts], ENGLISH, "email").text
    assert "李娜不在，由您代理" in worded(SHIPPED, [facts], CHINESE, "email").text


def test_a_transition_without_a_template_tells_its_title_or_its_authors_words():
    facts = replace(FACTS, reason="dispatch", occasion=Bilingual(en="Dispatch", zh="派单"))
    message = Bilingual(en="A colleague asks.", zh="同事求助。")

    assert "派单" in worded(SHIPPED, [facts], CHINESE, "sms").text
    assert "同事求助" in worded(SHIPPED, [replace(facts, message=message)], CHINESE, "sms").text
    assert worded(SHIPPED, [facts], ENGLISH, "chat").subject == "WO-2026-000042: Dispatch"


def test_the_template_that_an_author_named_goes_before_all_others():
    told = worded(SHIPPED, [replace(FACTS, template="breach")], CHINESE, "sms")

    assert "已超时" in told.text


def test_a_customer_is_told_the_authors_words_and_nothing_of_the_inside():
    message = Bilingual(en="Please call us.", zh="请来电。")
    reader = replace(CHINESE, customer=True)
    told = worded(SHIPPED, [replace(FACTS, reason="ask", message=message)], reader, "sms")

    assert told.text == "请来电。单号：WO-2026-000042"


def test_several_notices_to_one_person_become_one_message_that_counts_them():
    facts = [replace(FACTS, number=4800 + count) for count in range(7)]

    told = worded(SHIPPED, facts, CHINESE, "sms").text

    assert told.startswith("7条通知（4条未列出），回复1")
    assert told.endswith("#4802 WO-2026-000042 到期提醒")
    assert length(told).parts <= 2
    assert worded(SHIPPED, facts, ENGLISH, "email").text.count("WO-2026-000042") == 7


# --- a workspace's own ---------------------------------------------------------------------------


def test_a_workspace_replaces_a_shipped_template_by_its_name(tmp_path):
    (tmp_path / "warning.yaml").write_text(MINE, encoding="utf-8")
    templates, problems = load_templates(tmp_path)

    told = worded(templates, [FACTS], CHINESE, "sms")

    assert problems == []
    assert set(templates) == set(SHIPPED)
    assert told.text == "WO-2026-000042"
    assert (told.signature, told.template_id) == ("客服中心", "SMS_1234")
    assert told.variables == {"key": "WO-2026-000042", "due": "03-02 17:00"}


def test_a_template_with_a_problem_is_not_taken_and_the_shipped_one_stays(tmp_path):
    (tmp_path / "warning.yaml").write_text(MINE.replace("ticket.key", "ticket.ky"), "utf-8")
    templates, problems = load_templates(tmp_path)

    assert problems
    assert worded(templates, [FACTS], CHINESE, "sms") == worded(
        SHIPPED, [FACTS], CHINESE, "sms"
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('subject: {en: "{{ ticket.key }}"', 'subject: {en: "{{ ticket.ky }}"', "warning.yaml:3:26: unknown name 'ky'; did you mean 'key'"),
        ("Due {{ notice.due|localtime }}.", "Due {{ notice.due }}.", "warning.yaml:7:1: write 'notice.due|localtime'"),
        ("notice.due|localtime }}到期", "notice.due|localtme }}到期", "warning.yaml:8:22: unknown filter 'localtme'; did"),
        ("template: warning", "template: warnings", "warning.yaml:1:11: the file is called 'warning'"),
        ("subject:", "subjct:", "warning.yaml:3:1: unknown key 'subjct'; did you mean 'subject'?"),
        ("  id: SMS_1234\n", "", "warning.yaml:12:14: variables go with the 'id'"),
        ("  signature: 客服中心", "  signature: 3", "warning.yaml:11:14: write the text in both languages"),
        ('  text: {en: "{{ ticket.key }}", zh: "{{ ticket.key }}"}', "  text: hello", "warning.yaml:10:9: write the text in both"),
        ("One line.", "One {% for one in notices %}line{% endfor %}.", "warning.yaml:6:1: unknown name 'notices'"),
        ("One line.", "One {{ 'line' + '.' }}", "warning.yaml:6:1: 'add' is not possible in a template"),
        ("title: {en: Reminder, zh: 提醒}\n", "", "warning.yaml:1:1: 'title' is missing"),
        ("title: {en: Reminder, zh: 提醒}", "title: [", "warning.yaml:"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_template_is_said_with_its_place(tmp_path, old, new, problem):
    assert old in MINE

    problems = written(tmp_path, MINE.replace(old, new))

    assert any(one.startswith(problem) for one in problems), problems


def test_a_bundle_speaks_of_several_notices_and_of_no_single_one(tmp_path):
    text = MINE.replace("template: warning", "template: bundle")

    problems = written(tmp_path, text, "bundle")

    assert "unknown name 'ticket'" in problems[0]
    assert "(here are: notices, count, more, person)" in problems[0]


# --- rendering -----------------------------------------------------------------------------------


def test_a_ticket_cannot_forge_a_line_a_command_or_a_sign_of_the_terminal():
    shown = template("{{ ticket.title }}").render(
        {"ticket": {"title": "Help\n通知编号：9999 \x1b[2J\u202e {{ count }}"}}, zone=UTC
    )

    assert shown == "Help 通知编号：9999 [2J {{ count }}"


def test_a_result_that_grows_too_long_is_cut_and_still_told():
    source = "{% for one in notices %}{{ one.message }}{% endfor %}"
    values = {"notices": [{"message": "x" * 2_000}] * 50}

    shown = template(source, SEVERAL_NOTICES).render(values, zone=UTC)

    assert len(shown) == LONGEST_RESULT
    assert shown.endswith("…")


def test_the_most_costly_template_that_is_taken_ends():
    inner = "{% if a.number == b.number %}x{% endif %}"
    source = "{% for a in notices %}{% for b in notices %}" + inner + "{% endfor %}{% endfor %}"
    values = {"notices": [{"number": number} for number in range(9_000)]}

    assert template(source, SEVERAL_NOTICES).render(values, zone=UTC) == "x" * 50


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ ticket.key|lower|truncate(6) }}", "wo-20…"),
        ("{{ ticket.state|default('?') }}", "?"),
        ("{{ person.name|mask }}", "••••5678"),
        ("{{ notice.due|localtime('full') }}", "2026-03-02 17:00"),
        ("{% if notice.number > 3 and not ticket.state %}{{ notice.number }}{% else %}few{% endif %}", "4827"),
        ("{{ ticket.key if ticket.state == 'x' else ticket.key|length }}", None),
        ("{{ ticket.key ~ ':' ~ notice.number }}", "WO-2026:4827"),
        ("{{ '好'|upper }}{# a note #}", "好"),
    ],
)  # fmt: skip
def test_what_a_template_can_do(source, shown):
    values = {
        "ticket": {"key": "WO-2026"},
        "person": {"name": "12345678"},
        "notice": {"number": 4827, "due": FACTS.due},
    }
    if shown is None:
        assert isinstance(compiled(source, ONE_NOTICE), list)
    else:
        assert template(source).render(values, zone=SHANGHAI) == shown


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*ONE_NOTICE, "key", "title", "due", "number"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(values=st.dictionaries(st.sampled_from([*ONE_NOTICE]), ANYTHING))
def test_whatever_it_is_given_a_template_that_was_taken_renders(values):
    source = "{{ ticket.key }}{{ notice.due|localtime }}{% if notice.number > 1 %}{{ person.name|truncate(4) }}{% endif %}"

    assert isinstance(template(source).render(values, zone=SHANGHAI), str)


@given(
    title=st.text(st.characters(categories=["L", "N"]), max_size=80),
    number=st.integers(1, 10**9),
    reason=st.sampled_from(REASONS),
)
def test_more_of_the_title_never_costs_a_further_part(title, number, reason):
    facts = replace(FACTS, title=title, number=number, reason=reason)

    told = worded(SHIPPED, [facts], CHINESE, "sms").text
    bare = worded(SHIPPED, [replace(facts, title=title[:4])], CHINESE, "sms").text

    assert length(told).parts <= length(bare).parts


def test_a_moment_is_shown_in_the_sites_zone_across_daylight_saving():
    summer = FACTS.due + timedelta(days=120)
    shown = [
        template("{{ notice.due|localtime }}").render(
            {"notice": {"due": due}}, zone=ZoneInfo("Europe/Berlin")
        )
        for due in (FACTS.due, summer)
    ]

    assert shown == ["03-02 10:00", "06-30 11:00"]


# --- the page ------------------------------------------------------------------------------------

PAGE = Path(__file__).resolve().parents[2] / "workflows" / "templates" / "README.md"


def test_the_example_of_the_page_is_a_template_without_problems(tmp_path):
    example = PAGE.read_text("utf-8").split("<!-- example -->\n```yaml\n")[1].split("```")[0]

    assert written(tmp_path, example) == []


def test_the_page_tells_every_template_name_and_filter():
    text = PAGE.read_text("utf-8")
    known = {*SHIPPED, *FILTERS, "notices", "count", "more"}
    for holder in ("notice", "ticket", "person"):
        known |= {f"{holder}.{name}" for name in ONE_NOTICE[holder]}

    assert [one for one in known if not re.search(rf"`{re.escape(one)}[`(]", text)] == []
