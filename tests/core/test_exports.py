"""Lists taken away in a file: by whom, of what, masked as the list is, on record, and nothing half written."""

import csv
import json
import stat

import pytest

from casewright.cli.__main__ import main
from casewright.exchange.sheet_cells import unquoted

from ..founding import demonstration


@pytest.fixture(scope="module")
def centre(tmp_path_factory):
    """A workspace with a customer and three tickets; the boss manages the centre as well."""
    root = tmp_path_factory.mktemp("exports") / "centre"
    demonstration(root)
    roles = ["--role", "administrator", "--role", "centre_manager", "--role", "privacy_officer"]
    lines = [
        ["user", "edit", "boss", *roles],
        ["customer", "add", "C-1", "--name", "Wang Wei", "--phone", "+8613912345678"],
        *(
            ["ticket", "open", "inquiry", "--set", f"subject=={number}+1", "--set", "question=How much?", "--customer", "C-1"]
            for number in range(3)
        ),
    ]  # fmt: skip
    assert [main(["-C", str(root), "--as", "boss", *words]) for words in lines] == [0] * len(
        lines
    )
    return root


@pytest.fixture
def cli(centre, capsys, monkeypatch):
    """Return a function that runs a command line and returns code, output and messages."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*words, actor="boss"):
        capsys.readouterr()
        code = main(["-C", str(centre), "--as", actor, *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_tickets_of_a_workflow_are_taken_away_with_their_fields(cli, tmp_path):
    file = tmp_path / "tickets.csv"

    code, out, _ = cli("ticket", "list", "--workflow", "inquiry", "--export", file, "--json")

    assert (code, json.loads(out)) == (0, {"file": str(file), "rows": 3})
    titles, *found = rows(file)
    subject = titles.index("Subject")
    assert [one[0] for one in found] == [f"INQ-2026-00000{number}" for number in (3, 2, 1)]
    assert [one[subject] for one in found] == ["'=2+1", "'=1+1", "'=0+1"]
    assert [unquoted(one[subject]) for one in found] == ["=2+1", "=1+1", "=0+1"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_masked_in_a_list_is_masked_in_its_file_and_the_export_is_on_record(
    cli, tmp_path
):
    file = tmp_path / "customers.csv"

    assert cli("customer", "list", "--export", file)[0] == 0

    written = file.read_text("utf-8")
    assert "C-1" in written
    assert "13912345678" not in written
    assert "Wang Wei" not in written
    _, out, _ = cli("access", "report", "--customer", "C-1", "--kind", "export", "--json")
    assert "ExportCustomers" in out


def test_whoever_may_not_take_lists_away_gets_no_file(cli, tmp_path):
    file = tmp_path / "customers.csv"

    code, _, err = cli("customer", "list", "--export", file, actor="chen_jing")

    assert (code, "customer.export" in err) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--export", "x.csv", "--limit", "3"], "leave --limit out"),
        (["--export", "x.csv", "--after", "C-1"], "leave --after out"),
        (["--replace"], "--replace goes with --export"),
    ],
)
def test_words_about_one_page_do_not_go_with_an_export(cli, words, said):
    code, _, err = cli("customer", "list", *words)

    assert code == 2
    assert said in err


def test_what_was_exported_is_imported_as_it_was(cli, tmp_path):
    name = "=Wang, \u200bWei"
    (tmp_path / "map.yaml").write_text("columns: {id: id, name: name}\n", "utf-8")
    from casewright.exchange.customer_file import read_customers
    from casewright.exchange.customer_map import read_map
    from casewright.exchange.sheets import export_rows

    export_rows(tmp_path / "list.csv", ["id", "name"], [["C-2", name], ["C-3", "'t Hooft"]])
    read = read_customers(tmp_path / "list.csv", read_map(tmp_path / "map.yaml"))

    assert [one.name for one in read.lines] == [name, "'t Hooft"]
