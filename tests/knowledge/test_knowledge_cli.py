"""`casewright knowledge` as people use it: search, answer, judge, bring in, take out; and what it says of mistakes."""

import csv
import json
import re
from pathlib import Path

import pytest

from casewright.cli.__main__ import main
from casewright_knowledge.article import Content
from casewright_knowledge.article_files import places_of

from .library import AGENT, EDITOR, MANAGER, Library

ZH = """\
---
title: 光猫亮红灯怎么办
category: broadband_fault_router
tags: [光猫]
audience: public
questions: [猫上面红灯一直闪]
---
1. 断电十秒。
2. 检查光纤，见[自助报修](https://example.com/repair)。
"""
EN = """\
---
title: A red light at the modem
category: broadband_fault_router
tags: [光猫]
audience: public
questions: [猫上面红灯一直闪]
---
Restart the **modem**.
"""


@pytest.fixture
def run(library: Library, capsys):
    """Say something at the command line as somebody; returns the exit code, what was printed and what was noted."""
    library.close()

    def say(who, *words, lang="en"):
        capsys.readouterr()
        code = main(["-C", str(library.root), "--as", who, "--lang", lang, *words])
        out, err = capsys.readouterr()
        return code, out, err

    return say


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "router.zh.md").write_text(ZH, encoding="utf-8")
    (made / "router.en.md").write_text(EN, encoding="utf-8")
    return made


@pytest.fixture
def kept(run, folder):
    """A workspace with the one article brought in."""
    assert run(MANAGER, "knowledge", "import", str(folder), "--take-over")[0] == 0
    return run


def test_a_folder_is_brought_in_once_however_often_it_is_said(run, folder):
    assert (
        "could be brought in" in run(MANAGER, "knowledge", "import", str(folder), "--check")[1]
    )
    assert "no_match" not in run(AGENT, "knowledge", "search", "光猫")[1]
    said = ("knowledge", "import", str(folder), "--take-over")
    first, again = run(MANAGER, *said), run(MANAGER, *said)

    assert first[:2] == (0, "1 article brought in: 1 new, 0 changed, 0 as they were.\n")
    assert again[:2] == (0, "1 article brought in: 0 new, 0 changed, 1 as they were.\n")
    code, out, _ = run(AGENT, "knowledge", "search", "红灯", "--json")
    assert (code, [one["title"] for one in json.loads(out)["articles"]]) == (
        0,
        ["A red light at the modem"],
    )


def test_articles_are_found_in_both_languages_and_in_other_words(kept):
    code, out, _ = kept(AGENT, "knowledge", "search", "猫", "红灯", lang="zh")
    assert code == 0
    assert "光猫亮红灯怎么办" in out
    code, out, _ = kept(AGENT, "knowledge", "search", "my gateway has a red lamp")
    assert "A red light at the modem" in out
    assert "about:" in out


def test_slips_of_the_finger_and_traditional_characters_are_understood(kept):
    _code, out, notes = kept(AGENT, "knowledge", "search", "restrat")
    assert "A red light at the modem" in out
    assert "Sought instead: restart" in notes
    assert "光猫亮红灯怎么办" in kept(AGENT, "knowledge", "search", "光貓 紅燈", lang="zh")[1]
    assert (
        "光猫亮红灯怎么办"
        in kept(AGENT, "knowledge", "search", "\uff2d\uff2f\uff24\uff25\uff2d", lang="zh")[1]
    )


def test_what_nothing_fits_is_noted_and_taken_off_the_list(kept):
    assert "it is noted" in kept(AGENT, "knowledge", "search", "zyxw", "qqqq")[1]
    assert "zyxw qqqq" in kept(MANAGER, "knowledge", "report")[1]
    assert kept(MANAGER, "knowledge", "forget", "zyxw", "qqqq")[0] == 0
    assert "zyxw" not in kept(MANAGER, "knowledge", "report")[1]
    assert kept(MANAGER, "knowledge", "forget", "zyxw")[0] == 1


def test_an_article_answers_a_ticket_in_plain_words(kept):
    opened = kept(
        AGENT, "ticket", "open", "inquiry", "--set", "subject=网断了", "--set", "question=猫上红灯一直闪", "--json"
    )  # fmt: skip
    ticket = json.loads(opened[1])["ticket"]
    _code, out, _ = kept(AGENT, "knowledge", "suggest", ticket, lang="zh")
    assert "光猫亮红灯怎么办" in out
    assert "尚无知识" in kept(AGENT, "knowledge", "uses", ticket, lang="zh")[1]
    _code, out, notes = kept(AGENT, "knowledge", "use", ticket, "KB-2026-000001", lang="zh")

    assert "光猫亮红灯怎么办" in kept(AGENT, "knowledge", "uses", ticket, lang="zh")[1]
    assert "linked to this ticket" in kept(AGENT, "knowledge", "suggest", ticket)[1]
    assert out == "1. 断电十秒。\n2. 检查光纤，见自助报修 (https://example.com/repair)。\n"
    assert "已关联到" in notes
    assert "KB-2026-000001" in kept(AGENT, "ticket", "history", ticket)[1]


def test_showing_an_article_counts_as_read(kept):
    assert kept(MANAGER, "knowledge", "ask", "KB-2026-000001", "--who", "team:front_1")[0] == 0
    assert kept(MANAGER, "knowledge", "readers", "KB-2026-000001")[0] == 1
    code, out, _ = kept(AGENT, "knowledge", "show", "KB-2026-000001", lang="zh")
    assert "断电十秒" in out
    code, out, _ = kept(
        MANAGER, "knowledge", "readers", "KB-2026-000001", "--who", f"user:{AGENT}"
    )
    assert code == 0
    assert "1 of 1 have read version 1." in out


def test_what_is_exported_is_brought_in_again_as_it_was(kept, tmp_path):
    out, sheet = tmp_path / "out", tmp_path / "out.csv"
    assert kept(AGENT, "knowledge", "export", str(out))[0] == 0
    assert kept(AGENT, "knowledge", "export", str(sheet))[0] == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "KB-2026-000001.en.md",
        "KB-2026-000001.zh.md",
    ]
    rows = list(csv.DictReader(sheet.open(encoding="utf-8-sig", newline="")))
    assert rows[0]["title_zh"] == "光猫亮红灯怎么办"
    assert kept(AGENT, "knowledge", "export", str(out))[0] == 1

    path = out / "KB-2026-000001.zh.md"
    path.write_text(path.read_text("utf-8").replace("断电十秒", "断电一分钟"), encoding="utf-8")
    assert kept(MANAGER, "knowledge", "import", str(out), "--take-over")[0] == 0
    _code, shown, _ = kept(AGENT, "knowledge", "show", "KB-2026-000001", lang="zh")
    assert "断电一分钟" in shown
    assert "第 2 版" in shown
    said = ("knowledge", "diff", "KB-2026-000001")
    assert "+ Text in Chinese: 1. 断电一分钟" in kept(AGENT, *said)[1]
    assert "+ 中文正文：1. 断电一分钟" in kept(AGENT, *said, lang="zh")[1]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.md", "no head\n", "begins with a line '---'"),
        ("a.zh.md", "---\ntitle: x\n", "has no end"),
        ("a.md", "---\ntitle: x\n---\nb\n", "which language"),
        ("a.zh.md", "---\ntitel: x\n---\nb\n", "'titel' is nothing"),
        ("a.zh.md", "---\ntitle: x\ntags: one\n---\nb\n", "'tags' is a list"),
        ("a.zh.md", "---\ntitle: [x\n---\nb\n", "a.zh.md"),
        ("a.zh.md", "---\ntags: [a]\n---\nb\n", "no title"),
        ("a.zh.md", "---\ntitle: x\naudience: nobody\n---\nb\n", "a"),
        ("a.zh.md", "---\ntitle: x\naudience: restricted\n---\nb\n", "a"),
        ("a.csv", "key,colour\n,red\n", "colour"),
        ("a.csv", "title_zh\n名称,too many\n", "more cells"),
        ("a.txt", "x", "folder of .md files"),
    ],
)
def test_a_file_that_is_wrong_is_named_and_nothing_is_brought_in(
    run, tmp_path, name, text, said
):
    place = tmp_path / "wrong"
    place.mkdir()
    (place / "good.zh.md").write_text(ZH, encoding="utf-8")
    (place / name).write_text(text, encoding="utf-8")
    words = place if name.endswith(".md") else place / name
    code, out, err = run(MANAGER, "knowledge", "import", str(words), "--take-over")

    assert code == 1
    assert said in err
    assert "brought in" not in out
    assert json.loads(run(EDITOR, "ticket", "list", "--json")[1])["tickets"] == []


def test_synonyms_of_a_workspace_are_checked_and_used(kept, library):
    path = library.root / "synonyms.yaml"
    path.write_text("synonyms:\n  - [红灯]\n  - [a, '']\n", encoding="utf-8")
    code, out, _ = kept("root", "workflow", "check")
    assert code == 1
    assert "synonyms.yaml:2:5" in out
    assert "synonyms.yaml:3:9" in out
    path.write_text("synonyms:\n  - [红灯, flamingo]\n", encoding="utf-8")
    published = kept("root", "workflow", "publish", "--json")
    assert published[0] == 0
    assert kept("feng_yun", "workflow", "approve", "3")[0] == 0
    assert kept(EDITOR, "knowledge", "rebuild")[0] == 0
    assert "A red light" in kept(AGENT, "knowledge", "search", "a flamingo?")[1]


def test_refusals_are_sentences_in_both_languages(kept):
    for words in (
        ("show", "KB-2026-000099"),
        ("use", "INQ-1", "KB-2026-000001"),
        ("rate", "KB-2026-000001", "wrong"),
        ("diff", "KB-2026-000001"),
        ("search", "x", "--limit", "many"),
        ("readers", "KB-2026-000001"),
    ):
        for lang in ("en", "zh"):
            code, _out, err = kept(AGENT, "knowledge", *words, lang=lang)
            assert code == 1
            assert len(err.strip().splitlines()) == 1, (words, err)
            assert "Traceback" not in err


@pytest.mark.parametrize("place", ["out", "out.csv"])
def test_what_was_taken_out_and_is_brought_in_again_changes_nothing(kept, tmp_path, place):
    added = tmp_path / "more.csv"
    added.write_text(
        "subject,title_en,body_en\nVIP limits,+86 numbers,- first step\n", encoding="utf-8"
    )
    assert kept(MANAGER, "knowledge", "import", str(added), "--take-over")[0] == 0
    assert kept(MANAGER, "knowledge", "export", str(tmp_path / place))[0] == 0
    if place.endswith(".csv"):
        assert "'+86" in (tmp_path / place).read_text("utf-8")

    for words in (("--check",), (), ("--take-over",)):
        code, out, err = kept(EDITOR, "knowledge", "import", str(tmp_path / place), *words)
        assert code == 0, err
        assert "brought in: 0 new, 0 changed, 2 as they were" in out or words == ("--check",)
    for key in ("KB-2026-000001", "KB-2026-000002"):
        assert "Published" in kept(MANAGER, "ticket", "show", key)[1]
    assert "VIP limits" in kept(MANAGER, "ticket", "show", "KB-2026-000002")[1]


@pytest.mark.parametrize(
    ("name", "said", "words", "why"),
    [
        ("b.csv", "title_en,audience\nOne,staff\nTwo,staf\n", (), "b.csv:3: .*audience"),
        ("b.csv", "key,title_en\nKB-2026-009999,One\n", (), "b.csv:2: .*KB-2026-009999"),
        ("b.csv", 'title_en,body_en\n"One,two\nx,y\n', (), "b.csv:2: a cell has no end"),
        ("b.csv", "", (), "b.csv: it is empty"),
        ("b.csv", "title_en,body_en\nOne,x\n", ("--take-over",), "b.csv:2: .*take_over"),
        ("b.csv", "key,valid_from\nKB-2026-000001,2026-13-45\n", (), "no title"),
        ("b.csv", "key,title_en,valid_from\nKB-2026-000001,A,2026-13-45\n", (), "b.csv:2: .*from"),
    ],
)  # fmt: skip
def test_what_cannot_be_brought_in_is_said_with_its_place_and_nothing_is(
    kept, tmp_path, name, said, words, why
):
    (tmp_path / name).write_text(said, encoding="utf-8")
    for more in (("--check",), ()):
        code, _, err = kept(EDITOR, "knowledge", "import", str(tmp_path / name), *words, *more)
        assert code != 0
        assert re.search(why, err, re.IGNORECASE), err

    assert "KB-2026-000002" not in kept(MANAGER, "ticket", "list")[1]
    assert "Published" in kept(MANAGER, "ticket", "show", "KB-2026-000001")[1]


def test_an_article_that_has_no_text_is_not_taken_over_and_none_is_left_behind(kept, tmp_path):
    (tmp_path / "b.csv").write_text("title_en,body_en\nOne,x\nTwo,\n", encoding="utf-8")
    code, _, err = kept(MANAGER, "knowledge", "import", str(tmp_path / "b.csv"), "--take-over")

    assert code != 0
    assert "b.csv:3" in err
    assert "KB-2026-000002" not in kept(MANAGER, "ticket", "list")[1]


def test_what_one_began_to_bring_in_another_publishes(kept, tmp_path):
    (tmp_path / "b.csv").write_text("title_en,body_en\nOne,zebra\n", encoding="utf-8")
    assert kept(MANAGER, "knowledge", "import", str(tmp_path / "b.csv"))[0] == 0
    code, out, _ = kept(MANAGER, "knowledge", "import", str(tmp_path / "b.csv"), "--take-over")

    assert code == 0
    assert "1 as they were" in out
    assert "One" in kept(AGENT, "knowledge", "search", "zebra")[1]
    assert kept(EDITOR, "knowledge", "import", str(tmp_path / "b.csv"), "--check")[0] == 0


def test_what_is_for_staff_is_said_to_be_so(kept, tmp_path):
    (tmp_path / "b.csv").write_text(
        "title_en,body_en,audience\nInside,zebra,staff\n", encoding="utf-8"
    )
    kept(MANAGER, "knowledge", "import", str(tmp_path / "b.csv"), "--take-over")
    opened = (
        "ticket",
        "open",
        "inquiry",
        "--set",
        "subject=Price of a line",
        "--set",
        "question=What is it?",
        "--json",
    )
    code, out, err = kept(AGENT, *opened)
    assert code == 0, (out, err)
    ticket = json.loads(out)["ticket"]

    _, out, err = kept(AGENT, "knowledge", "use", ticket, "KB-2026-000002")
    assert "zebra" in out
    assert "not to be said to customers" in err


@pytest.fixture
def with_plan(run, folder):
    """A workspace with the one article and its plan."""
    for language in ("zh", "en"):
        path = folder / f"router.{language}.md"
        said = path.read_text("utf-8").replace(
            "audience:", "files: [plans/plan.pdf]\naudience:"
        )
        path.write_text(said, encoding="utf-8")
    (folder / "plans").mkdir()
    (folder / "plans" / "plan.pdf").write_bytes(b"%PDF the plan")
    assert run(MANAGER, "knowledge", "import", str(folder), "--take-over")[0] == 0
    return run


def test_what_is_attached_goes_out_and_comes_in_with_its_article(with_plan, folder, tmp_path):
    key, out = "KB-2026-000001", tmp_path / "out"
    assert "plan.pdf" in with_plan(AGENT, "knowledge", "show", key)[1]
    assert with_plan(MANAGER, "knowledge", "export", str(out))[0] == 0
    assert (out / key / "plan.pdf").read_bytes() == b"%PDF the plan"
    for place in (folder, out):
        said = with_plan(MANAGER, "knowledge", "import", str(place), "--take-over")[1]
        assert "0 changed, 1 as they were" in said

    (out / key / "plan.pdf").write_bytes(b"%PDF another plan")
    said = with_plan(MANAGER, "knowledge", "import", str(out), "--take-over")[1]
    assert "1 changed" in said
    assert "version 2" in with_plan(AGENT, "knowledge", "show", key)[1].lower()
    assert "+ Files: plan.pdf" in with_plan(AGENT, "knowledge", "diff", key)[1]
    again = tmp_path / "again"
    assert with_plan(MANAGER, "knowledge", "export", str(again))[0] == 0
    kept = sorted(path.read_bytes() for path in (again / key).rglob("*.pdf"))
    assert kept == [b"%PDF another plan", b"%PDF the plan"]


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("[missing.pdf]", "missing.pdf"),
        ("[../secret.txt]", "not in the folder"),
        ("[/etc/hostname]", "not in the folder"),
        ("[link.txt]", "not in the folder"),
        ("plan.pdf", "'files' is a list"),
        ("[.]", "regular file"),
    ],
)
def test_a_file_that_cannot_be_attached_is_named_and_nothing_is_brought_in(
    run, folder, tmp_path, named, why
):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    path = folder / "router.zh.md"
    path.write_text(ZH.replace("audience:", f"files: {named}\naudience:"), encoding="utf-8")
    for more in (("--check",), ()):
        code, _, err = run(EDITOR, "knowledge", "import", str(folder), *more)
        assert code == 1
        assert "router.zh.md" in err
        assert why in err
    assert json.loads(run(EDITOR, "ticket", "list", "--json")[1])["tickets"] == []


def test_files_whose_names_are_paths_or_the_same_are_written_beside_their_article(
    with_plan, tmp_path
):
    key = "KB-2026-000001"
    for number, content in enumerate((b"one", b"two")):
        place = tmp_path / str(number) / "PLAN.pdf"
        place.parent.mkdir()
        place.write_bytes(content)
        assert with_plan(EDITOR, "ticket", "attach", key, str(place))[0] == 0
    assert with_plan(MANAGER, "ticket", "fire", key, "revise")[0] == 0
    assert with_plan(MANAGER, "ticket", "fire", key, "take_over")[0] == 0
    out = tmp_path / "out"
    assert with_plan(MANAGER, "knowledge", "export", str(out))[0] == 0

    written = {
        path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.[pP]*")
    }
    assert written == {
        f"{key}/plan.pdf": b"%PDF the plan",
        f"{key}/2/PLAN.pdf": b"one",
        f"{key}/3/PLAN.pdf": b"two",
    }


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("../../x.txt", "K/x.txt"),
        ("..", "K/file-1"),
        ("a\\b.txt", "K/b.txt"),
        ("/", "K/file-1"),
    ],
)
def test_a_name_that_leads_elsewhere_is_written_beside_its_article(name, place):
    assert places_of("K", Content(files=(f"1 {'0' * 64} {name}",))) == {1: place}
