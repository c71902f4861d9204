"""All of a workspace as JSON Lines and back: the same content, or nothing at all."""

import base64
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.clock import SetClock
from casewright.commands import AddComment, OpenTicket, PublishTables, SaveCustomer, SavePerson
from casewright.errors import (
    BackupRefused,
    CommandRefused,
    JsonRefused,
    NotAllowed,
    WorkspaceRefused,
)
from casewright.exchange.json_lines import LONGEST_PART, LineReader, LineWriter
from casewright.exchange.whole_export import ExportMade, export_workspace
from casewright.exchange.whole_import import Imported, import_workspace
from casewright.queries import GetHistory
from casewright.testing.desk import MOMENT, ROLES, open_test_desk

from .kept_site import KeptSite, is_whole

CHANGED_BY_IMPORTING = {
    "access",
    "chain",
    "command",
    "meta",
    "notice",
    "notice_hop",
    "delivery",
}


@pytest.fixture
def site(workspace, clock):
    made = KeptSite(workspace, clock)
    yield made
    made.desk.close()


@pytest.fixture
def export(site, tmp_path) -> Path:
    key = site.open()
    site.attach(key, b"a scan")
    site.fire(key, "call")
    told(site, tmp_path / "all.jsonl", with_attachments=True)
    return tmp_path / "all.jsonl"


def told(site: KeptSite, path: Path, **more: Any) -> ExportMade:
    return export_workspace(site.desk, path, actor="kim", purpose="moving", **more)


def imported(site: KeptSite, path: Path, target: Path) -> Imported:
    return import_workspace(path, target, by="root", clock=site.clock, environment={})


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def rows(path: Path) -> list[str]:
    """The rows of an export that importing does not change, in one order."""
    found = [
        one for one in lines(path) if one.get("table") not in (None, *CHANGED_BY_IMPORTING)
    ]
    return sorted(json.dumps(one, sort_keys=True) for one in found)


# --- there and back ---------------------------------------------------------------------------


def test_an_imported_workspace_is_the_one_that_was_exported(site, export, tmp_path, clock):
    before = site.desk.ask(GetHistory(actor="ana", ticket="MAT-2026-000001"))

    found = imported(site, export, tmp_path / "new")

    again = site.again(tmp_path / "new")
    assert again.desk.ask(GetHistory(actor="ana", ticket="MAT-2026-000001")) == before
    told(again, tmp_path / "again.jsonl", with_attachments=True)
    again.desk.close()
    assert rows(tmp_path / "again.jsonl") == rows(export)
    assert found.attachments == 1
    assert found.resumed.held == 1
    assert is_whole(tmp_path / "new", clock)


def test_how_people_prove_who_they_are_is_not_exported(site, tmp_path):
    with closing(sqlite3.connect(site.config.database, isolation_level=None)) as direct:
        direct.execute(
            "INSERT INTO credential VALUES ('ana', 'THE-VERIFIER', 'THE-FACTOR', 0, 1)"
        )
        direct.execute(
            "INSERT INTO session VALUES ('THE-SESSION', 'ana', 'command line', 1, 1, 9)"
        )

    told(site, tmp_path / "all.jsonl")

    assert b"THE-" not in (tmp_path / "all.jsonl").read_bytes()
    assert imported(site, tmp_path / "all.jsonl", tmp_path / "new").resumed.sessions == 0


def test_an_export_is_as_of_one_moment_and_says_what_is_in_it(site, export):
    header = lines(export)[0]

    assert header["casewright_export"] == 1
    assert header["taken_by"] == "kim"
    assert header["database"]["rows"]["ticket"] == 1


def test_nothing_is_exported_without_a_purpose(site, tmp_path):
    with pytest.raises(CommandRefused, match="what the look is for"):
        export_workspace(site.desk, tmp_path / "all.jsonl", actor="kim", purpose=" ")

    assert not (tmp_path / "all.jsonl").exists()


def test_who_may_not_export_gets_nothing(site, tmp_path):
    with pytest.raises(NotAllowed):
        export_workspace(site.desk, tmp_path / "all.jsonl", actor="ana", purpose="moving")

    assert not (tmp_path / "all.jsonl").exists()


Act = Callable[[Any], None]
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60
).filter(str.strip)


def acts() -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(
        st.tuples(st.sampled_from(["open", "comment", "customer"]), TEXTS), max_size=8
    )


@settings(max_examples=15)
@given(acts())
def test_whatever_was_done_in_a_workspace_comes_back_the_same(done):
    with TemporaryDirectory() as folder:
        root = Path(folder) / "work"
        root.mkdir()
        (root / "casewright.toml").write_text('database = "desk.db"\n[plugins]\nload = []\n')
        with open_test_desk(root) as desk:
            do(desk, done)
            export_workspace(desk, Path(folder) / "one", actor="kim", purpose="x")
        clock = SetClock(MOMENT)
        import_workspace(
            Path(folder) / "one", Path(folder) / "new", by="root", clock=clock, environment={}
        )
        with open_test_desk(Path(folder) / "new") as desk:
            export_workspace(desk, Path(folder) / "two", actor="kim", purpose="x")

        assert rows(Path(folder) / "one") == rows(Path(folder) / "two")


def do(desk: Any, done: list[tuple[str, str]]) -> None:
    keeper = {"title": {"en": "K", "zh": "K"}, "permissions": ["workspace.*"]}
    desk.execute_as_system(
        PublishTables(actor="system", tables={}, roles={**ROLES, "keeper": keeper})
    )
    desk.execute_as_system(SavePerson(actor="system", name="kim", roles=("keeper",)))
    key = desk.execute(OpenTicket(actor="ana", workflow="errand")).ticket
    for number, (what, text) in enumerate(done):
        if what == "open":
            fields = {"subject": text}
            desk.execute(OpenTicket(actor="ana", workflow="parcel", fields=fields))
        elif what == "comment":
            desk.execute(AddComment(actor="ana", ticket=key, text=text))
        else:
            saved = SaveCustomer(
                actor="system", id=f"C-{number}", name="Somebody", tags=(text,)
            )
            with suppress(CommandRefused):
                desk.execute_as_system(saved)


# --- what is refused --------------------------------------------------------------------------


def refused(site: KeptSite, path: Path, tmp_path: Path) -> JsonRefused:
    with pytest.raises(JsonRefused) as found:
        imported(site, path, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".new")] == []
    return found.value


def resealed(path: Path, said: list[dict[str, Any]]) -> None:
    """Write lines as an export would, with the right last line."""
    plain = [one for one in said if "$end" not in one]
    with path.open("wb") as target:
        writer = LineWriter(target)
        for one in plain:
            writer.write(one)
        writer.end()


def test_an_export_that_is_cut_short_is_refused(site, export, tmp_path):
    whole = export.read_bytes()
    for end in (0, 10, len(whole) // 2, len(whole) - 1, whole[:-1].rindex(b"\n") + 1):
        export.write_bytes(whole[:end])

        refused(site, export, tmp_path)


def test_a_line_that_was_changed_is_refused(site, export, tmp_path):
    whole = export.read_bytes()
    export.write_bytes(whole.replace(b'"ana"', b'"bob"', 1))

    refused(site, export, tmp_path)


def test_a_history_that_was_changed_and_sealed_again_is_refused(site, export, tmp_path):
    said = lines(export)
    event = next(one for one in said if one.get("table") == "event")
    event["row"]["body"] = event["row"]["body"].replace("ana", "bob")
    resealed(export, said)

    with pytest.raises(BackupRefused, match="event 1 is not as it was written"):
        imported(site, export, tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_rows_that_are_missing_are_found(site, export, tmp_path):
    said = lines(export)
    resealed(export, [one for one in said if one.get("table") != "person"])

    with pytest.raises(BackupRefused, match="not what it says"):
        imported(site, export, tmp_path / "new")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"table": "sqlite_master", "row": {}}, "no table"),
        ({"table": "session", "row": {}}, "no table"),
        ({"table": "person", "row": {"name": "x"}}, "columns"),
        ({"table": "person", "row": {"name": "x", "active": "1", "record": "{}"}}, "kind"),
        ({"table": "person", "row": {"name": "x", "active": True, "record": "{}"}}, "kind"),
        ({"table": "person", "row": {"name": "ana", "active": 1, "record": "{}"}}, "fit"),
        ({"table": "person", "row": []}, "a line is"),
        ({"what": "this"}, "a line is"),
        ({"attachment": "../../x", "content": {"$bytes": ""}}, "hash"),
        ({"table": "person", "row": {"name": {"$bytes": "%"}}}, "base 64"),
        ({"table": "person", "row": {"name": {"$parts": 3}}}, "parts"),
        ([1, 2], "object"),
    ],
)
def test_a_line_that_is_not_fit_is_refused_with_its_number(
    site, export, tmp_path, line, reason
):
    said = lines(export)[:-1]
    export.write_text("".join(json.dumps(one) + "\n" for one in [*said, line]), "utf-8")

    found = refused(site, export, tmp_path)

    assert reason in str(found)
    assert found.place.line == len(said) + 1


@pytest.mark.parametrize(
    "name",
    ["../evil.yaml", "/srv/evil.yaml", "program.py", "workflows/../../x.yaml", ".bashrc", 5],
)
def test_a_file_that_belongs_nowhere_is_refused(site, export, tmp_path, name):
    said = lines(export)
    evil = {"file": name, "content": {"$bytes": base64.b64encode(b"x").decode()}}
    resealed(export, [said[0], evil, *said[1:]])

    assert "no file of a workspace" in str(refused(site, export, tmp_path))


def test_an_export_of_a_newer_casewright_is_refused(site, export, tmp_path):
    said = lines(export)
    said[0]["database"]["schema"] = 999
    resealed(export, said)

    assert "newer" in str(refused(site, export, tmp_path))


def test_nothing_is_imported_into_a_folder_that_has_anything_in_it(site, export, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine").write_text("mine")

    with pytest.raises(WorkspaceRefused):
        imported(site, export, tmp_path / "new")


# --- the lines themselves ---------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    st.binary(),
)


@given(st.lists(st.fixed_dictionaries({"row": st.dictionaries(st.text("abc"), VALUES)})))
def test_lines_are_read_as_they_were_written(said):
    assert there_and_back(said) == said


def test_long_values_go_in_parts_and_no_line_is_too_long():
    long = {
        "a": "汉" * (3 * LONGEST_PART),
        "b": b"\x00" * (2 * LONGEST_PART + 1),
        "c": "\x01" * 9_000,
    }
    many = {f"column {at}": "\u0001" * (LONGEST_PART - 1) for at in range(9)}

    assert there_and_back([{"row": long}, {"row": many}]) == [{"row": long}, {"row": many}]


def there_and_back(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    target = BytesIO()
    writer = LineWriter(target)
    for one in said:
        writer.write(one)
    writer.end()
    return list(LineReader(BytesIO(target.getvalue()), "file"))
