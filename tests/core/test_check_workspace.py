"""The workspace's files, checked at the desk: what is wrong in each, and what publishing it would change."""

import pytest

from casewright.commands import SavePerson
from casewright.desk import publish
from casewright.errors import NotAllowed
from casewright.queries import CheckWorkspace

from .small_centre import CLOSED, HEAD, OPEN, ROLES

PLAIN = f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{close: closed}}}}\n{CLOSED}"
AUTHOR = "  author: {title: {en: Author, zh: 编写人}, permissions: [workflow.*, ticket.*]}\n"


@pytest.fixture
def root(centre):
    centre.write("roles.yaml", ROLES + AUTHOR)
    centre.publish(PLAIN)
    person = SavePerson(actor="system", name="paul", roles=("author",))
    centre.desk.execute_as_system(person)
    return centre.root


def checked(centre):
    return centre.desk.ask(CheckWorkspace(actor="paul"))


def by_path(found):
    return {one.path: one for one in found.files}


def test_what_is_published_as_it_stands_is_the_same(centre, root):
    found = checked(centre)

    assert found.publishable
    assert {one.standing for one in found.files} == {"same"}
    assert {(one.path, one.kind) for one in found.files} >= {
        ("workflows/matter.yaml", "workflow"),
        ("forms/matter.yaml", "form"),
        ("tables/places.yaml", "table"),
        ("roles.yaml", "role"),
    }
    assert by_path(found)["workflows/matter.yaml"].content == PLAIN


def test_what_publishing_would_change_is_said_line_by_line(centre, root):
    centre.write("workflows/matter.yaml", PLAIN.replace("en: Open", "en: Under way"))
    centre.write("forms/matter.yaml", _more(root / "forms/matter.yaml"))
    centre.write("tables/rooms.yaml", _as_rooms(root / "tables/places.yaml"))
    (root / "roles.yaml").write_text(ROLES + AUTHOR.replace("ticket.*", "ticket.read"))

    found = checked(centre)

    files = by_path(found)
    assert found.publishable
    assert files["workflows/matter.yaml"].standing == "changed"
    assert any("Under way" in line for line in files["workflows/matter.yaml"].lines)
    assert files["forms/matter.yaml"].standing == "changed"
    assert any(line.startswith("+ ") for line in files["forms/matter.yaml"].lines)
    assert files["tables/rooms.yaml"].standing == "new"
    assert "- author: all: ticket.open" in files["roles.yaml"].lines
    assert files["tables/places.yaml"].standing == "same"


def test_what_is_wrong_is_said_with_its_place_and_comes_first(centre, root):
    centre.write("workflows/matter.yaml", PLAIN.replace("close: closed", "close: clsoed"))

    found = checked(centre)

    assert not found.publishable
    first = found.files[0]
    assert first.path == "workflows/matter.yaml"
    assert next((one.place.file, one.place.line > 0, one.grave) for one in first.problems) == (
        "workflows/matter.yaml", True, True,
    )  # fmt: skip
    assert "clsoed" in str(first.problems[0].message)
    assert first.content is not None


def test_what_a_faulty_file_would_change_is_told_all_the_same(centre, root):
    written = PLAIN.replace("en: Open", "en: Under way").replace(
        "close: closed", "close: clsoed"
    )
    centre.write("workflows/matter.yaml", written)
    centre.write("tables/rooms.yaml", "table: [\n")

    files = by_path(checked(centre))

    lines = files["workflows/matter.yaml"].lines
    assert any(line.startswith("+ ") and "Under way" in line for line in lines)
    assert any(line.startswith("+ ") and "clsoed" in line for line in lines)
    assert files["tables/rooms.yaml"].problems
    assert files["tables/rooms.yaml"].lines == ()
    assert files["tables/places.yaml"].standing == "same"


def test_a_file_that_is_gone_is_told(centre, root):
    (root / "tables/places.yaml").rename(root / "tables/rooms.yaml")
    _write_rooms(root / "tables/rooms.yaml")

    files = by_path(checked(centre))

    assert files["tables/places.yaml"].standing == "gone"
    assert files["tables/places.yaml"].content is None


def test_what_leads_out_of_the_workspace_is_not_read(centre, root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.yaml"
    outside.write_text("password: open sesame\n", encoding="utf-8")
    (root / "tables/secret.yaml").symlink_to(outside)

    found = checked(centre)

    assert not found.publishable
    assert found.files[0].path == "tables/secret.yaml"
    assert found.files[0].content is None
    assert "sesame" not in repr(found)


def test_a_file_too_large_to_be_shown_is_checked_all_the_same(centre, root):
    centre.write("workflows/matter.yaml", PLAIN + "# much\n" * 40_000)

    assert by_path(checked(centre))["workflows/matter.yaml"].content is None


def test_only_who_may_check_is_answered(centre, root):
    with pytest.raises(NotAllowed):
        centre.desk.ask(CheckWorkspace(actor="ana"))


def test_nothing_else_of_the_folder_is_shown(centre, root):
    centre.write("casewright.toml", "")
    centre.write("notes.yaml", "a: b\n")
    (root / "workflows/README.md").write_text("words", encoding="utf-8")

    assert (
        not {"casewright.toml", "notes.yaml", "workflows/README.md"}
        & by_path(checked(centre)).keys()
    )
    publish(centre.desk, root, [root / "workflows"], actor="system")


def _more(path) -> str:
    return path.read_text(encoding="utf-8") + (
        "  more: {type: string, x-title: {en: More, zh: 更多}}\n"
    )


def _as_rooms(path) -> str:
    return path.read_text(encoding="utf-8").replace("table: places", "table: rooms")


def _write_rooms(path) -> None:
    path.write_text(_as_rooms(path), encoding="utf-8")
