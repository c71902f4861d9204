"""Plugins on the command line: their nouns, how they stand, what they bring, switching them, and beginning one."""

import json
import re
import shutil
import sys

import pytest

from casewright.cli.__main__ import main
from casewright.cli.output import width
from casewright.plugins.making import make_project

from ..founding import demonstration
from . import projects
from .made import installed, write_plugin

DEADLY = "import os\nos._exit(3)\n"
RAISES = "raise ValueError('a slip')\n"
NOUN = '''
    """A noun of its own."""
    from casewright import Answer, Noun, Verb, hookimpl, text

    def say(session, given):
        return Answer(document={{"said": "{name}"}}, lines=[session.texts.text("Good day.")])

    @hookimpl
    def register_nouns():
        return [Noun(name="{noun}", help="says it", verbs=(Verb(name="say", run=say, help="say it"),))]

    @hookimpl
    def register_texts():
        return {{"Good day.": "您好。", "board": "NO", "{{a}} is {{b}}": "{{a}}"}}
'''
SECRETIVE = '''
    """Has a secret."""
    from casewright import Setting, hookimpl

    @hookimpl
    def register_settings():
        return [
            Setting(name="api_token", help="The key to the gateway."),
            Setting(name="password", help="Another."),
        ]
'''


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """A workspace that names no plugin, to be copied."""
    folder = tmp_path_factory.mktemp("plugin-cli") / "centre"
    return demonstration(folder, language="en")


@pytest.fixture
def site(tmp_path):
    """A folder whose packages are as if installed."""
    folder = tmp_path / "site"
    folder.mkdir()
    with installed(folder):
        yield folder
        for name in [one for one in sys.modules if one.startswith("casewright_callbacks")]:
            del sys.modules[name]


@pytest.fixture
def cli(founded, site, tmp_path, capsys, monkeypatch):
    """Return a function that runs a command line in a copy of the workspace which names `plugins`."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "centre"
    shutil.copytree(founded, folder)

    def run(*words, plugins=(), sections="", actor="boss"):
        toml = (founded / "casewright.toml").read_text("utf-8")
        named = ", ".join(f'"{one}"' for one in plugins)
        toml = re.sub(r"(?m)^load = .*", f"load = [{named}]", toml) + sections
        (folder / "casewright.toml").write_text(toml, "utf-8")
        capsys.readouterr()
        code = main(["-C", str(folder), "--as", actor, *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    run.folder = folder
    return run


@pytest.fixture
def callbacks(site, tmp_path):
    """The plugin that `plugin new` writes, installed."""
    project = tmp_path / "casewright-callbacks"
    make_project("callbacks", project, ())
    projects.install(project, site)
    return project


# --- nouns ---------------------------------------------------------------------------------------


def test_a_plugins_noun_works_like_the_cores(cli, site):
    write_plugin(site, "polite", NOUN.format(name="polite", noun="greet"))

    assert cli("greet", "say", plugins=["polite"]) == (0, "Good day.\n", "")
    assert json.loads(cli("greet", "say", "--json", plugins=["polite"])[1]) == {
        "said": "polite"
    }
    assert "casewright greet: says it" in cli("greet", "--help", plugins=["polite"])[1]


def test_a_plugins_sentences_are_read_in_chinese_and_take_nobody_elses_place(cli, site):
    write_plugin(site, "polite", NOUN.format(name="polite", noun="greet"))

    assert cli("greet", "say", "--lang", "zh", plugins=["polite"])[1] == "您好。\n"
    assert "NO" not in cli("--help", "--lang", "zh", plugins=["polite"])[1]


def test_an_unknown_word_is_held_against_the_nouns_of_plugins_as_well(cli, site):
    write_plugin(site, "polite", NOUN.format(name="polite", noun="greet"))

    code, _, said = cli("gret", "say", plugins=["polite"])

    assert code == 2
    assert "there is no 'gret'; did you mean 'greet'?" in said


def test_a_plugin_that_is_not_named_brings_no_noun(cli, site):
    write_plugin(site, "polite", NOUN.format(name="polite", noun="greet"))

    code, _, said = cli("greet", "say")

    assert code == 2
    assert "there is no 'greet'" in said
    assert "installed, but not named in [plugins] load: knowledge, polite, routing" in said
    assert "made_polite" not in sys.modules


def test_a_slip_of_the_pen_is_not_laid_on_plugins(cli, site):
    write_plugin(site, "polite", NOUN.format(name="polite", noun="greet"))

    said = cli("tikcet", "list")[2]

    assert "did you mean 'ticket'?" in said
    assert "plugin" not in said


def test_a_noun_of_a_plugin_that_is_left_out_is_refused_with_the_plugin_and_the_reason(
    cli, site
):
    write_plugin(site, "broken", RAISES)

    code, _, said = cli("greet", "say", plugins=["absent", "broken"])

    assert code == 2
    assert "it may be of a plugin that is not there" in said
    assert "absent (it is not installed" in said
    assert "broken (in its 'import': it raised ValueError (a slip) at __init__.py:1)" in said


def test_two_plugins_with_the_same_noun_are_both_named(cli, site):
    write_plugin(site, "first", NOUN.format(name="first", noun="greet"))
    write_plugin(site, "second", NOUN.format(name="second", noun="greet"))

    code, _, said = cli("greet", "say", plugins=["first", "second"])

    assert code == 2
    assert "'greet' is a noun of the plugins 'first' and 'second'" in said


def test_no_plugin_takes_a_noun_of_the_core(cli, site):
    write_plugin(site, "greedy", NOUN.format(name="greedy", noun="board"))

    assert cli("board", plugins=["greedy"])[0] == 0
    told = cli("plugin", "describe", "greedy", plugins=["greedy"])[1]
    assert "its noun 'board' is one of the core's" in " ".join(told.split())
    told = cli("doctor", plugins=["greedy"])[1]
    assert "its noun 'board' is one of the core's" in " ".join(told.split())


def test_help_says_where_the_nouns_of_plugins_are_and_loads_none_of_them(cli, site):
    write_plugin(site, "broken", RAISES)

    assert "The plugins of this workspace (broken)" in cli("--help", plugins=["broken"])[1]
    assert "plugins of this workspace" not in cli("--help")[1]
    assert "made_broken" not in sys.modules


# --- how they stand ------------------------------------------------------------------------------


def test_the_list_tells_of_each_plugin_how_it_stands_and_why(cli, site, callbacks, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    write_plugin(site, "broken", RAISES)
    write_plugin(site, "deadly", DEADLY)
    named = ["absent", "broken", "callbacks", "deadly"]
    assert cli("db", "migrate", plugins=["callbacks"])[0] == 0

    code, out, _ = cli("plugin", "list", plugins=named)
    document = json.loads(cli("plugin", "list", "--json", plugins=named)[1])

    assert code == 0
    assert max(map(width, out.splitlines())) <= 80
    table, *why = out.split("\n\n")
    assert [line.split()[0] for line in table.splitlines()] == [
        "plugin",
        *named,
        "routing",
    ]
    assert [one.split(":")[0] for one in why][:3] == ["absent", "broken", "deadly"]
    assert "it raised ValueError (a slip) at __init__.py:1" in " ".join(out.split())
    assert [line for line in out.splitlines() if "plugin enable" in line] == [
        "  casewright plugin enable deadly"
    ]
    stands = {one["name"]: one["reason"] for one in document["plugins"]}
    assert stands["callbacks"] is None
    assert stands["absent"].startswith("it is not installed")
    assert "it raised ValueError" in stands["broken"]
    assert "a process ended while it was in its 'import'" in stands["deadly"]


def test_the_list_is_told_in_chinese(cli, site):
    write_plugin(site, "broken", RAISES)

    assert "未载入" in cli("plugin", "list", "--lang", "zh", plugins=["broken"])[1]


def test_outside_a_workspace_the_list_is_of_what_is_installed(
    callbacks, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)

    code = main(["plugin", "list", "--lang", "en"])

    said = capsys.readouterr()
    assert code == 0
    assert [line.split()[0] for line in said.out.splitlines()] == [
        "plugin",
        "callbacks",
        "knowledge",
        "routing",
    ]
    assert "There is no workspace here" in said.err


def test_a_disabled_plugin_is_shown_with_what_lets_it_back(cli, callbacks):
    here = {"plugins": ["callbacks"]}
    assert cli("db", "migrate", **here)[0] == 0
    assert cli("plugin", "disable", "callbacks", "--reason", "it rings", **here)[0] == 0

    assert (
        "casewright plugin enable callbacks"
        in cli("plugin", "describe", "callbacks", **here)[1]
    )
    assert "casewright plugin enable callbacks" in cli("doctor", **here)[1]


def test_where_no_plugin_is_named_the_list_says_how_one_is(tmp_path, capsys):
    settings = 'language = "en"\n[access]\nsign_in = "trusted"\n'
    (tmp_path / "casewright.toml").write_text(settings)
    here = ["-C", str(tmp_path), "--as", "boss"]
    assert main([*here, "db", "migrate"]) == 0

    assert main([*here, "plugin", "list"]) == 0

    assert "[plugins] load = [...]" in capsys.readouterr().out


def test_a_plugin_is_disabled_with_a_reason_and_enabled_again(cli, callbacks):
    assert cli("db", "migrate", plugins=["callbacks"])[0] == 0

    disabled = cli(
        "plugin", "disable", "callbacks", "--reason", "it rings", plugins=["callbacks"]
    )
    listed = cli("plugin", "list", plugins=["callbacks"])[1]
    enabled = cli("plugin", "enable", "callbacks", plugins=["callbacks"])

    assert (disabled[0], enabled[0]) == (0, 0)
    assert "boss disabled it: it rings\n  casewright plugin enable callbacks\n" in listed
    assert "in use" in cli("plugin", "list", plugins=["callbacks"])[1]


def test_only_those_who_may_switch_plugins(cli, callbacks):
    words = ("plugin", "disable", "callbacks", "--reason", "no")

    assert cli(*words, plugins=["callbacks"], actor="chen_jing")[0] == 1


def test_the_doctor_says_who_is_left_out_and_why(cli, callbacks):
    pending = cli("doctor", plugins=["callbacks"])
    migrated = cli("db", "migrate", plugins=["callbacks"])[1]
    sound = cli("doctor", plugins=["callbacks"])

    assert pending[0] == 1
    assert "'callbacks' is left out: its tables are not made yet" in pending[1]
    assert "The tables of the plugin 'callbacks' went from migration 0 to 1." in migrated
    assert "all are active: callbacks" in sound[1]


# --- what they bring -----------------------------------------------------------------------------


def test_all_that_a_plugin_brings_is_described(cli, callbacks):
    code, out, _ = cli("plugin", "describe", "callbacks", plugins=["callbacks"])
    document = json.loads(
        cli("plugin", "describe", "callbacks", "--json", plugins=["callbacks"])[1]
    )

    assert code == 0
    assert "stands in a transition" in out
    assert "callbacks_dialable(text) -> boolean" in out
    assert "pending: run `casewright db migrate`" in out
    assert [one["permission"] for one in document["commands"]] == ["callbacks.promise"] * 2
    assert [one["verbs"] for one in document["nouns"]] == [["list", "promise", "keep"]]
    assert document["words"][0]["on"] == ["transition"]
    assert document["settings"][0]["value"] == 10
    assert [one["path"] for one in document["starters"]] == [
        "workflows/call_back.yaml",
        "forms/call_back.yaml",
    ]


def test_a_plugin_need_not_be_named_to_be_described(cli, callbacks):
    code, out, _ = cli("plugin", "describe", "callbacks", "--lang", "zh")

    assert code == 0
    assert "答应客户的回拨" in out
    assert "记录已按约回拨客户。" in out
    assert "pending" not in cli("plugin", "describe", "callbacks")[1]


def test_secrets_are_not_shown(cli, site):
    write_plugin(site, "secretive", SECRETIVE)
    section = '\n[plugin.secretive]\napi_token = "hush"\npassword = "env:HUSH"\n'

    told = cli("plugin", "describe", "secretive", plugins=["secretive"], sections=section)[1]

    assert "hush" not in told
    assert "env:HUSH" in told


def test_a_plugin_that_ends_the_process_is_described_as_far_as_it_can_be(cli, site):
    write_plugin(site, "deadly", DEADLY)

    code, out, _ = cli("plugin", "describe", "deadly")

    assert code == 1
    assert "it ends the process that loads it (exit code 3)" in out


def test_an_unknown_plugin_is_refused_with_the_nearest(cli, callbacks):
    code, _, said = cli("plugin", "describe", "calbacks")

    assert code == 1
    assert "did you mean 'callbacks'?" in said


# --- taking over what one offers -----------------------------------------------------------------


def test_what_a_plugin_offers_is_written_and_nothing_is_overwritten(cli, callbacks):
    assert cli("db", "migrate", plugins=["callbacks"])[0] == 0
    mine = cli.folder / "forms" / "call_back.yaml"
    mine.write_text("x-title: {en: Mine, zh: 我的}\n", "utf-8")

    code, out, _ = cli("plugin", "adopt", "callbacks", plugins=["callbacks"])

    assert code == 0
    assert "written: workflows/call_back.yaml" in out
    assert "left as it is: forms/call_back.yaml" in out
    assert mine.read_text("utf-8") == "x-title: {en: Mine, zh: 我的}\n"


def test_what_was_adopted_is_published_and_the_plugin_decides_in_it(cli, callbacks):
    here = {"plugins": ["callbacks"]}
    for words in (("db", "migrate"), ("plugin", "adopt", "callbacks"), ("workflow", "publish")):
        assert cli(*words, **here)[0] == 0
    assert cli("workflow", "approve", "2", actor="feng_yun", **here)[0] == 0
    words = ("ticket", "open", "call_back", "--set", "subject=A refund", "--json")
    key = json.loads(cli(*words, **here)[1])["ticket"]

    english = cli("ticket", "fire", key, "call", **here)
    chinese = cli("ticket", "fire", key, "call", "--lang", "zh", **here)
    without = cli("ticket", "fire", key, "call")

    assert (english[0], chinese[0], without[0]) == (1, 1, 1)
    assert "'phone' has no number that can be dialled" in english[2]
    assert "“phone”中没有可拨打的号码" in chinese[2]
    assert "callbacks" in without[2]


def test_nothing_is_adopted_of_a_plugin_that_is_left_out(cli, callbacks):
    code, _, said = cli("plugin", "adopt", "callbacks", plugins=["callbacks"])

    assert code == 1
    assert "its tables are not made yet" in said
    assert not (cli.folder / "workflows" / "call_back.yaml").exists()


# --- beginning one -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("My-Plugin", "how about 'myplugin'?"),
        ("2fast", "how about 'fast'?"),
        ("x", "2 to 31 lower case letters"),
        ("ticket", "the name is the core's own; how about 'ourticket'?"),
        ("casewright", "the name is the core's own"),
        ("class", "the name is the core's own; how about 'ourclass'?"),
        ("../escape", "how about 'escape'?"),
    ],
)
def test_a_name_that_no_plugin_can_have_is_refused_with_one_that_it_could(
    name, said, cli, tmp_path
):
    folder = tmp_path / "new"

    code, _, message = cli("plugin", "new", name, folder)

    assert code == 1
    assert said in message
    assert not folder.exists()


def test_no_folder_is_overwritten(cli, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()

    code, _, said = cli("plugin", "new", "recalls", folder)

    assert code == 1
    assert "is there already; name another folder" in said
    assert list(folder.iterdir()) == []


def test_a_name_that_is_installed_is_not_given_again(cli, callbacks, tmp_path):
    code, _, said = cli("plugin", "new", "callbacks", tmp_path / "again")

    assert code == 1
    assert "installed already; how about 'ourcallbacks'?" in said
