"""What people read of times, lengths, reasons and messages: one zone on a page, one language, their own words kept."""

import re
import time
from datetime import UTC, datetime

import pytest

from casewright.bilingual import Bilingual
from casewright.cli.__main__ import main
from casewright.clock import SetClock, SystemClock
from casewright.commands import SaveCustomer
from casewright.delivery.channel import Failed
from casewright.delivery.sms_text import length
from casewright.delivery.template_files import load_templates
from casewright.delivery.wording import Facts, Reader, worded
from casewright.durations import parse
from casewright.texts import Texts

from ..founding import demonstration
from .worker_site import WORKFLOW, WorkerSite

ORDER = [
    "--set",
    "subject=Down",
    "--set",
    "description=It is down.",
    "--set",
    "kind=investigation",
]
NINE = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai, one in London
SHIPPED = load_templates(None)[0]
WAITS = Bilingual(
    en="A work order for your department waits to be signed for.",
    zh="有一件处理工单待贵部门签收。",
)
FACTS = Facts(
    number=4827,
    reason="TicketOpened",
    key="WO-2026-000042",
    title="",
    state="",
    priority="",
    workflow="",
    message=WAITS,
)


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wording") / "centre"
    return demonstration(folder)


@pytest.fixture
def cli(founded, capsys, monkeypatch):
    """Return a function that runs a command line in Chinese on a machine in London, and returns all it printed."""
    clock = SetClock(NINE)
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)

    def run(actor, *words, code=0, lang="zh"):
        capsys.readouterr()
        arguments = ["-C", str(founded), "--as", actor, *words, "--lang", lang]
        assert main(arguments) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    yield run
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def order(cli):
    department = ["--set", "department=网络运行维护部"]
    opened = cli("zhu_yan", "ticket", "open", "work_order", *ORDER, *department)
    cli("boss", "worker", "--once")
    return re.search(r"WO-\d+-\d+", opened)[0]


def pages(cli, order):
    """Every page that shows times of a ticket."""
    number = re.search(r"^ *(\d+)", cli("boss", "notice", "list", "--ticket", order), re.M)
    cli("lin_tao", "ticket", "remind", order, "--at", "2026-09-25T09:00")
    return [
        cli("lin_tao", "ticket", "show", order),
        cli("lin_tao", "ticket", "history", order),
        cli("lin_tao", "ticket", "explain", order),
        cli("lin_tao", "notice", "list", "--mine"),
        cli("lin_tao", "timer", "list", "--ticket", order),
        *([cli("lin_tao", "notice", "show", number[1])] if number else []),
    ]


def test_all_pages_of_a_ticket_tell_times_of_the_site_whatever_the_machines_zone_is(cli, order):
    for page in pages(cli, order):
        assert "2026-09-24" in page
        assert not re.search(r"2026-09-24 0[0-8]:", page), page
        assert not re.search(r"\d:\d\d\.\d|[+]\d\d:\d\d", page), page


def test_where_the_site_names_no_zone_the_calendar_of_the_ticket_does(
    cli, order, founded, monkeypatch
):
    settings = founded / "casewright.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^zone = .*$", "", written), encoding="utf-8")
    try:
        shown = [cli("lin_tao", "ticket", one, order) for one in ("show", "history", "explain")]
    finally:
        settings.write_text(written, encoding="utf-8")

    for page in shown:
        assert "2026-09-24 09:00" in page
        assert "Asia/Shanghai" in page
        assert "2026-09-24 02:00" not in page


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1 working day", "1 个工作日"),
        ("2 hours", "2 小时"),
        ("30 minutes", "30 分钟"),
        ("3 weeks", "3 周"),
    ],
)
def test_a_duration_is_said_in_the_readers_language(written, said):
    assert Texts("zh").value(parse(written)) == said


def test_an_extension_asked_for_twice_is_refused_in_chinese(cli, order):
    cli("lin_tao", "ticket", "fire", order, "sign")
    words = ["ticket", "extend", order, "--promise", "handling", "--by", "1 working day"]

    asked = cli("lin_tao", *words, "--reason", "缺件")
    refused = cli("lin_tao", *words, "--reason", "缺件", code=1)

    assert "林涛申请延期：1 个工作日；理由：缺件" in asked
    assert "已经申请" in refused


def test_a_calendar_says_lengths_and_moments_in_words(cli):
    due = ["calendar", "due", "cn_office", "--from", "2026-02-13T17:30", "--within", "1 hour"]

    shown = cli("boss", *due, "--explain")

    assert shown.startswith("2026-02-14 09:30 +08:00\n")
    assert "30 分钟" in shown
    assert "0:30:00" not in shown


def test_one_problem_is_told_once_in_the_readers_language(cli):
    told = cli("boss", "workflow", "publish", "nowhere.yaml", code=1)

    assert told == "nowhere.yaml: 没有此文件\n"


def test_several_problems_are_counted_and_each_is_told_once(cli):
    told = cli("boss", "workflow", "publish", "nowhere.yaml", "nor_here.yaml", code=1)

    assert told.startswith("2 个问题：\n")
    assert told.count("没有此文件") == 2


def test_a_time_that_is_none_is_refused_with_both_ways_to_write_one(cli, order):
    refused = cli("lin_tao", "notice", "take", "1", "--until", "25:00", code=2)

    assert "17:00" in refused
    assert "2026-02-13T17:00" in refused


def test_a_row_of_a_table_may_be_named_by_its_title_in_either_language(cli):
    english = ["--set", "department=Network operations"]

    opened = cli("zhu_yan", "ticket", "open", "work_order", *ORDER, *english, lang="en")

    assert "is open" in opened or "WO-" in opened


def test_a_key_that_is_nearly_one_of_the_table_is_refused_with_the_nearest(cli):
    nearly = ["--set", "department=network_operation"]

    refused = cli("zhu_yan", "ticket", "open", "work_order", *ORDER, *nearly, code=1)

    assert "您是不是想写“network_operations”" in refused


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workflow_shows_the_steps_of_its_ladders(cli, lang):
    shown = cli("boss", "workflow", "show", "work_order", lang=lang)

    expected = {
        "en": [
            "4 hours before it is due: tells handler, owner over notice, sms",
            "every 1 working day, 5 times",
        ],
        "zh": ["距到期 4 小时：以 notice、sms 通知 handler、owner", "每隔 1 个工作日，共 5 次"],
    }[lang]
    assert all(one in shown for one in expected)


@pytest.mark.parametrize("workflow", ["complaint", "inquiry", "service_request", "work_order"])
def test_a_fresh_workspace_rehearses_well_though_its_founder_has_no_phone(
    cli, founded, workflow
):
    told = cli("boss", "workflow", "rehearse", str(founded / f"workflows/{workflow}.yaml"))

    assert "boss" not in told


# --- messages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_several_messages_of_an_author_are_told_in_two_parts_each_with_its_words(lang, count):
    reader = Reader(name="", language=lang, zone=UTC)

    told = worded(SHIPPED, [FACTS] * count, reader, "sms").text

    assert length(told).parts <= 2
    assert told.count("#4827 WO-2026-000042 " + WAITS.of(lang)[:8]) == min(count, 3)
    assert ";" not in told


def test_the_signature_of_a_channel_is_counted_when_a_text_is_cut():
    facts = [FACTS] * 3
    reader = Reader(name="", language="zh", zone=UTC)

    told = worded(SHIPPED, facts, reader, "sms", signature="某某客户服务中心").text

    assert length("【某某客户服务中心】" + told).parts <= 2


@pytest.mark.parametrize(
    ("outside", "told"),
    [
        ("    customer_title: {en: Being looked into, zh: 正在核实}\n", "正在核实"),
        ("", "办理中"),
    ],
)
def test_a_customer_is_told_the_state_in_words_for_customers_and_never_its_inner_title(
    tmp_path, outside, told
):
    silent = WORKFLOW.replace(", message: {en: Thank you., zh: 谢谢。}", "").replace(
        "title: {en: Open, zh: 办理中}\n", "title: {en: Open, zh: 内部查证}\n" + outside
    )
    site = WorkerSite(tmp_path, SetClock(NINE), silent)
    customer = SaveCustomer(
        actor="system", id="C1", name="李女士", phone="+8613900000001", language="zh"
    )
    site.desk.execute_as_system(customer)

    site.fire(site.open(customer="C1"), "thank")
    site.work()

    [handed] = site.provider.handed
    assert told in handed.text
    assert "内部查证" not in handed.text


def test_a_provider_that_does_not_answer_is_told_of_in_the_readers_language(tmp_path):
    site = WorkerSite(tmp_path, SetClock(NINE))
    site.provider.answers = [Failed(reason="no answer in time")]

    site.fire(site.open(), "call")
    site.work()

    assert Texts("zh").value(site.sms().attempts[0].detail) == "超时未应答"
    assert "超时未应答" in Texts("zh").render(site.lines[-1].sentence)
