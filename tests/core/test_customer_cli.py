"""`casewright customer` on the command line: what is shown, in both languages, and what an import says."""

import io
import json
import sys

import pytest

from casewright.cli import customer_import
from casewright.cli.__main__ import main
from casewright.cli.output import width

from ..founding import demonstration

TICKET = ("ticket", "open", "inquiry", "--set", "subject=Price", "--set", "question=How much?")
MAP = "columns: {id: id, name: name, phone: phone, tier: tier}\n"


@pytest.fixture
def centre(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    demonstration(tmp_path / "centre")
    return tmp_path / "centre"


@pytest.fixture
def cli(centre, capsys):
    """Return a function that runs a command line in the workspace and returns code, output and messages."""

    def run(*words, actor="chen_jing"):
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", actor, *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def answer(cli):
    def run(*words, actor="chen_jing", code=0):
        done, out, err = cli(*words, "--json", actor=actor)
        assert (done, err) == (code, ""), out
        return json.loads(out)

    return run


@pytest.fixture
def known(answer):
    """A client, two customers who are one, open matters, contacts."""
    answer("customer", "add", "BANK", "--kind", "client", "--name", "华夏银行")
    answer("customer", "add", "C1", "--name", "王女士", "--client", "BANK", "--tier", "vip", "--brand", "gold",
           "--language", "zh", "--phone", "+8613900000001", "--tag", "late", "--tag", "north")  # fmt: skip
    answer("customer", "add", "C2", "--name", "王", "--known-by", "crm=4711")
    key = answer(*TICKET, "--customer", "C2")["ticket"]
    answer("customer", "contact", "C2", "--summary", "asked about the bill", "--resolved", "no",
           "--duration", "4 minutes")  # fmt: skip
    answer(
        "customer", "contact", "C1", "--direction", "out", "--channel", "sms", "--ticket", key
    )
    answer("customer", "merge", "C2", "C1", "--reason", "the same person", actor="wu_min")
    return key


def test_the_view_tells_all_that_is_known_in_eighty_columns(cli, known, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    code, out, err = cli("customer", "show", "C2")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["C1  王女士", "C2 was merged into C1."]
    for said in (
        "end customer of 华夏银行 (BANK)",
        "phone +8613900000001",
        "crm 4711",
        "late, north",
        "low (10 points)",
        "+10  A contact is still unresolved",
        "Open matters",
        "Unresolved contacts",
        "asked about the bill",
        "Past contacts",
        "SMS, outgoing, Chen Jing",
    ):
        assert said in out, said
    assert known in out
    assert "Promises broken" not in out
    assert max(map(width, lines)) <= 80


def test_the_view_is_told_in_chinese(cli, known):
    _, out, _ = cli("customer", "show", "C1", "--lang", "zh")

    for said in ("下游客户", "流失风险", "有联络未解决", "未结事项", "陈静"):
        assert said in out, said
    letters = out
    for own in ("asked about the bill", "Price"):
        letters = letters.replace(own, "")
    for english in ("Open matters", "resolved", "outgoing", "points", "with "):
        assert english not in letters, english


def test_the_view_is_one_document_for_programs(answer, known):
    found = answer("customer", "show", "4711" and "C1")

    assert found["customer"]["id"] == "C1"
    assert found["customer"]["known_by"][0] == {"kind": "phone", "value": "+8613900000001"}
    assert (found["merged"], found["client"]["name"]) == (["C2"], "华夏银行")
    assert [one["key"] for one in found["open_matters"]] == [known]
    assert found["contacts"][0]["tickets"] == [known]
    assert found["unresolved"][0]["seconds"] == 240
    assert found["churn"]["reasons"][0]["title"]["zh"] == "有联络未解决"
    assert (found["survey"], found["more"], found["older"]) == (None, {}, 0)


def test_a_customer_is_found_by_what_is_typed(answer, cli, known):
    for typed in (["139", "0000", "0001"], ["4711"], ["C2"], ["王女士"]):
        (one,) = answer("customer", "find", *typed)["customers"]
        assert one["id"] == "C1", typed
    assert answer("customer", "find", "4711", "--by", "phone")["customers"] == []
    assert "Nobody is found." in cli("customer", "find", "nobody")[1]


def test_lists_go_on_where_the_page_before_ended(answer, cli, known):
    page = answer("customer", "list", "--limit", "1")

    assert [one["id"] for one in page["customers"]] == ["BANK"]
    rest = answer("customer", "list", "--after", page["after"])
    assert [one["id"] for one in rest["customers"]] == ["C1"]
    assert "--after BANK" in cli("customer", "list", "--limit", "1")[2]
    assert cli("customer", "list", "--limit", "0")[0] == 2


def test_contacts_are_listed_and_resolved(answer, cli, known):
    found = answer("customer", "contacts", "C1", "--limit", "1")
    second = answer("customer", "contacts", "C1", "--after", found["after"])

    assert [one["summary"] for one in second["contacts"]] == ["asked about the bill"]
    number = second["contacts"][0]["number"]
    answer("customer", "resolve", number)
    assert answer("customer", "show", "C1")["unresolved"] == []
    code, _, err = cli("customer", "resolve", number)
    assert (code, "was not left unresolved" in err) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add", "C9", "--kind", "friend"], 2, "--kind is one of: end, client"),
        (["add", "C9", "--known-by", "4711"], 2, "is not KIND=VALUE"),
        (["add", "C9", "--client", "NOBODY"], 1, "no client organisation 'NOBODY'"),
        (["contact", "C9"], 1, "no customer 'C9'"),
        (["contact", "C9", "--duration", "long"], 2, "is not a duration"),
        (["merge", "C9", "C8", "--reason", "x"], 1, "no customer 'C9'"),
        (["merge", "C9", "C8"], 2, "--reason is missing"),
        (["show", "C9"], 1, "no customer 'C9'"),
        (["resolve", "x"], 2, "is not the number of a contact"),
        (["import", "x.csv"], 2, "--map is missing"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(cli, words, code, said):
    done, out, err = cli("customer", *words, actor="wu_min")

    assert (done, out) == (code, "")
    assert said in err


# --- import ----------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    """Return a function that writes a file of customers and its map, and returns both paths."""

    def write(text, said=MAP, encoding="utf-8"):
        customers, by = tmp_path / "customers.csv", tmp_path / "customers.map.yaml"
        customers.write_bytes(text.encode(encoding))
        by.write_text(said, encoding="utf-8")
        return customers, "--map", by

    return write


def test_an_import_says_what_it_did_and_a_second_one_does_nothing(answer, cli, files):
    words = files("id,name,phone,tier\nC1,王,139 0000 0001,vip\nC2,Li,,\n")

    dry = cli("customer", "import", *words, "--dry-run")
    assert dry[:2] == (0, "Customers: 2 new, 0 changed, 0 as they were.\n")
    assert "Nothing is written" in dry[2]
    assert answer("customer", "list")["customers"] == []
    done = answer("customer", "import", *words)
    assert done == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "merged": 0,
        "erased": 0,
        "problems": [],
    }
    assert answer("customer", "import", *words)["unchanged"] == 2
    assert answer("customer", "find", "13900000001")["customers"][0]["tier"] == "vip"


def test_a_file_of_a_chinese_office_is_imported(answer, files):
    words = files("id,name,phone,tier\nC1,王女士,,\n", encoding="gb18030")

    answer("customer", "import", *words, "--encoding", "gb18030")

    assert answer("customer", "show", "C1")["customer"]["name"] == "王女士"


def test_every_wrong_line_is_listed_and_nothing_is_imported(answer, cli, files):
    words = files("id,name,phone,tier\nC1,A,,\nC2,B,12,\nC3,C\nC4,D,139x,\n")

    code, out, err = cli("customer", "import", *words)

    assert (code, err) == (1, "")
    first, *problems = out.splitlines()
    assert first == "Nothing is imported: 3 problems."
    assert [one.split("customers.csv:")[1].split(":")[0] for one in problems] == ["3", "4", "5"]
    assert answer("customer", "list")["customers"] == []
    found = answer("customer", "import", *words, code=1)
    assert [one["line"] for one in found["problems"]] == [3, 4, 5]


def test_a_long_list_of_problems_is_cut_and_says_how_many_more(cli, files, monkeypatch):
    monkeypatch.setattr(customer_import, "MOST_SHOWN", 2)
    words = files("id,name,phone,tier\n" + "".join(f"C{n},A,12,\n" for n in range(5)))

    _, out, _ = cli("customer", "import", *words)

    assert len(out.splitlines()) == 4
    assert out.splitlines()[-1] == "  and 3 more"


def test_lines_about_ids_that_were_merged_are_left_out_and_counted(answer, cli, files):
    words = files("id,name,phone,tier\nC1,A,,\nC2,B,,\n")
    answer("customer", "import", *words)
    answer("customer", "merge", "C2", "C1", "--reason", "the same", actor="wu_min")

    code, _, err = cli("customer", "import", *words)

    assert (code, "1 line is about customers who were merged" in err) == (0, True)
    assert answer("customer", "import", *words)["merged"] == 1


def test_adding_says_whether_a_customer_is_new_or_changed(cli):
    said = [
        cli("customer", "add", "C1", *more)[1]
        for more in (["--phone", "139 0000 0001"], ["--tier", "vip"], ["--tier", "vip"])
    ]

    assert said == [
        "Customer C1 is added.\n",
        "Customer C1 is changed.\n",
        "Customer C1 is as it was: nothing is changed.\n",
    ]


def test_whoever_is_not_on_the_staff_is_told_how_to_say_who_they_are(cli):
    err = cli("customer", "add", "C1", actor="root")[2]

    assert "--as USER or CASEWRIGHT_USER" in err


def test_an_example_of_a_map_is_written_once(cli, tmp_path):
    path = tmp_path / "mine.yaml"

    assert cli("customer", "import", path, "--write-map")[0] == 0
    again = cli("customer", "import", path, "--write-map")

    assert (again[0], "exists already" in again[2]) == (1, True)
    assert "columns:" in path.read_text("utf-8")


def test_a_repeated_import_under_one_id_answers_as_the_first_time(answer, files):
    words = files("id,name,phone,tier\nC1,A,,\n")

    first = answer("customer", "import", *words, "--id", "i1")

    assert answer("customer", "import", *words, "--id", "i1") == first


# --- customers.yaml --------------------------------------------------------------------------------


def test_the_workspaces_file_is_checked_and_published_with_the_workflows(cli, centre):
    assert cli("customer", "check")[0] == 0
    (centre / "customers.yaml").write_text("churn: {levls: 1}", encoding="utf-8")

    code, out, _ = cli("customer", "check")
    assert (code, "did you mean 'levels'" in out) == (1, True)
    assert "customers.yaml" in cli("workflow", "check", actor="boss")[1]
    refused = cli("workflow", "publish", actor="boss")
    assert (refused[0], "customers.yaml:1" in refused[2]) == (1, True)


def test_erasing_asks_once_more_and_says_what_is_gone_and_what_remains(cli, answer, known):
    officer = {"actor": "yin_xue"}
    code, _, err = cli("customer", "erase", "C1", "--reason", "by request", **officer)
    assert code != 0
    assert "--yes" in err
    refused = cli("customer", "erase", "C1", "--reason", "by request", "--yes", **officer)
    assert refused[0] != 0
    assert "INQ-" in refused[2]
    assert "王女士" in cli("customer", "show", "C1")[1]

    code, out, _ = cli(
        "customer", "erase", "C1", "--reason", "by request", "--yes", "--also-open", **officer
    )

    assert code == 0
    assert "C1 is erased." in out
    assert "Kept: the id" in out
    assert "王女士" not in cli("customer", "show", "C1")[1]
    (noted,) = answer("customer", "erasures", **officer)["erasures"]
    assert (noted["customer"], noted["reason"]) == ("C1", "by request")
    assert answer("customer", "erasures", "--due", **officer)["due"] == []
    zh = cli("customer", "erasures", "--lang", "zh", **officer)[1]
    assert "by request" in zh


def test_erasing_at_a_terminal_wants_the_id_typed(cli, known, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    words = ("customer", "erase", "C1", "--reason", "by request", "--also-open")
    monkeypatch.setattr(sys, "stdin", Terminal("C7\n"))
    code, _, err = cli(*words, actor="yin_xue")
    assert code != 0
    assert "never comes back" in err
    assert "nothing is erased" in err

    monkeypatch.setattr(sys, "stdin", Terminal("C1\n"))
    code, out, _ = cli(
        *words,
        actor="yin_xue",
    )
    assert (code, "C1 is erased." in out) == (0, True)
