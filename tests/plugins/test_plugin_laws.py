"""The contract of plugins: ours keep it, what `plugin new` writes keeps it, and each law catches a plugin that breaks it."""

import json
import sys
from textwrap import dedent

import pytest

from casewright.cli.__main__ import main
from casewright.plugins.making import make_project
from casewright.testing.laws.catalogue import LAWS

from . import projects
from .made import installed, write_plugin

BY_NAME = {one.name: one for one in LAWS}
SOUND = '''
    """Nothing but a word."""
    from casewright import WorkflowWord, hookimpl

    @hookimpl
    def register_words():
        return [WorkflowWord(name="stamp", on=("state",), schema={"type": "string"}, doc="A stamp.")]
'''
BAD = {
    "loads": ("in its 'register_words'", "def register_words(): return [1]"),
    "imports": (
        "'casewright.desk' is not public",
        "def register_words():\n    from casewright.desk import Desk\n    return []",
    ),
    "clock": (
        "'datetime.now()' asks the machine",
        "def may_fire():\n    from datetime import datetime\n    datetime.now()",
    ),
    "sentences": (
        "no Chinese for 'a seal is missing'",
        "def may_assign():\n    message('a seal is missing')",
    ),
    "described": (
        "'stamp' does not say what it is for",
        "def register_words():\n"
        "    return [WorkflowWord(name='stamp', on=('state',), schema={}, doc='')]",
    ),
    "offers": (
        "is not inside a workspace",
        "def register_starters(): return [Starter(path='../up.yaml', content='')]",
    ),
    "decisions": (
        "'may_fire' answers differently",
        "def may_fire(): return message(str(next(TURNS)))\nTURNS = iter(range(10**6))",
    ),
    "actions": (
        "'seal': it raised KeyError",
        "def register_actions():\n"
        "    def seal(ticket, argument, actor, now): return ticket.fields['none']\n"
        "    return [WorkflowAction(verb='seal', schema={'type': 'string'}, doc='d', perform=seal)]",
    ),
    "functions": (
        "says that it gives boolean",
        "def register_functions():\n"
        "    return [GuardFunction(name='bad_f', parameters=('text',), result='boolean', doc='d',"
        " call=lambda one: 7)]",
    ),
    "tables": (
        "in its migration 1",
        "def register_migrations():\n"
        "    return [Migration(number=1, name='m', sql='CREATE TABLE other (a);')]",
    ),
    "commands": (
        "Seal failed in Seal instead of being refused: it raised ValueError",
        "def register_commands():\n"
        "    def run(desk, command): raise ValueError('no')\n"
        "    return [CommandHandler(command=Seal, run=run)]",
    ),
    "queries": (
        "'Seals' answers differently",
        "def register_queries():\n"
        "    turns = iter(range(9))\n"
        "    return [QueryHandler(query=Seals, run=lambda desk, query: next(turns))]",
    ),
    "jobs": (
        "it raised ZeroDivisionError",
        "def register_jobs(): return [Job(name='count', every='1 hour', run=lambda desk: 1 / 0)]",
    ),
    "forgetting": (
        "it raised ZeroDivisionError",
        "def register_forgetting(): return [Forgetting(what='all', run=lambda desk, erased: 1 / 0)]",
    ),
}
HEAD = '''
"""Breaks one law."""
from dataclasses import dataclass
from typing import ClassVar

from casewright import (
    Command, CommandHandler, Forgetting, GuardFunction, Job, Migration, Query, QueryHandler, Starter,
    WorkflowAction, WorkflowWord, hookimpl, message,
)

@dataclass(frozen=True, slots=True, kw_only=True)
class Seal(Command):
    """Seal something."""
    permission: ClassVar[str] = "bad.seal"

@dataclass(frozen=True, slots=True, kw_only=True)
class Seals(Query):
    """What is sealed."""
    permission: ClassVar[str] = "bad.seal"

@hookimpl
'''


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    with installed(folder):
        yield folder
        for name in [one for one in sys.modules if one.startswith("casewright_callbacks")]:
            del sys.modules[name]


def broken(law: str, plugin: str, folder) -> str:
    place = folder / "law"
    place.mkdir()
    return "\n".join(map(str, BY_NAME[law].broken(plugin, place)))


@pytest.mark.parametrize("law", BY_NAME)
def test_a_plugin_as_plugin_new_writes_it_keeps_the_law(law, site, tmp_path):
    make_project("callbacks", tmp_path / "project", ())
    projects.install(tmp_path / "project", site)

    assert broken(law, "callbacks", tmp_path) == ""


@pytest.mark.parametrize("law", BY_NAME)
def test_our_own_plugin_keeps_the_law(law, tmp_path):
    assert broken(law, "routing", tmp_path) == ""


@pytest.mark.parametrize("law", BAD)
def test_each_law_catches_a_plugin_that_breaks_it(law, site, tmp_path):
    said, source = BAD[law]
    write_plugin(site, "bad", HEAD + source)

    assert said in broken(law, "bad", tmp_path)


def test_there_is_a_plugin_that_breaks_each_law_but_that_of_leaving():
    assert set(BY_NAME) - set(BAD) == {"removable"}


def test_an_answer_whose_type_is_not_named_breaks_the_law(site, tmp_path):
    run = "lambda desk, query: Seal(actor='ana', command_id='x')"
    asked = f"def register_queries(): return [QueryHandler(query=Seals, run={run})]"
    write_plugin(site, "bad", HEAD + asked)

    assert "must name in `answer` the type" in broken("queries", "bad", tmp_path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import casewright.desk", "not `import casewright.desk`"),
        ("from casewright import desk", "casewright has no public 'desk'"),
        ("from casewright import Tickt", "did you mean 'Ticket'?"),
        ("from casewright.model import Ticket", "'casewright.model' is not public"),
    ],
)
def test_no_way_of_importing_what_is_not_public_goes_unseen(line, said, site, tmp_path):
    write_plugin(site, "bad", f'"""Reaches deep."""\n\ndef later():\n    {line}\n')

    assert said in broken("imports", "bad", tmp_path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import socket\n    socket.getaddrinfo('localhost', 1)", "socket.getaddrinfo"),
        ("open('seen.txt', 'w').close()", "reaches outside: open"),
        ("import subprocess\n    subprocess.run(['true'])", "subprocess.Popen"),
    ],
)
def test_a_decision_that_reaches_outside_is_caught(source, said, site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_plugin(site, "bad", f"{HEAD}def may_assign():\n    {source}\n")

    assert said in broken("decisions", "bad", tmp_path)


def test_a_decision_that_changes_what_it_is_given_is_caught(site, tmp_path):
    source = "def may_fire(ticket):\n    ticket.fields['amount'] = 0"
    write_plugin(site, "bad", f"{HEAD}{source}\n")

    assert "TypeError" in broken("decisions", "bad", tmp_path)


def test_chinese_that_is_filled_with_something_else_is_caught(site, tmp_path):
    source = '''\
        """Says it wrongly."""
        from casewright import hookimpl, message

        @hookimpl
        def may_assign(handler):
            return message("not {name}", name=handler.name) if handler.absences else None

        @hookimpl
        def register_texts():
            return {"not {name}": "不是 {person}"}
    '''
    write_plugin(site, "bad", source)

    assert "is filled with something else" in broken("sentences", "bad", tmp_path)


# --- `casewright plugin check` ---------------------------------------------------------------------


def test_the_check_tells_each_law_and_is_done_when_all_hold(site, capsys):
    write_plugin(site, "sound", SOUND)

    code = main(["plugin", "check", "sound", "--json"])

    document = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [(one["law"], one["kept"]) for one in document["laws"]] == [
        (one.name, True) for one in LAWS
    ]


def test_the_check_of_a_plugin_that_ends_the_process_is_brought_to_its_end(site, capsys):
    source = '''\
        """Ends the process, once it is asked."""
        import os
        from casewright import hookimpl

        @hookimpl
        def may_assign():
            os._exit(9)
    '''
    write_plugin(site, "deadly", dedent(source))

    code = main(["plugin", "check", "deadly", "--json"])

    laws = {one["law"]: one for one in json.loads(capsys.readouterr().out)["laws"]}
    assert code == 1
    assert [name for name, one in laws.items() if not one["kept"]] == ["decisions"]
    assert (
        "the process ended while this was tried (exit code 9)" in laws["decisions"]["broken"][0]
    )


def test_the_check_of_a_plugin_that_does_not_load_says_so_once(site, capsys):
    write_plugin(site, "bad", "raise ValueError('a slip')\n")

    code = main(["plugin", "check", "bad", "--lang", "en"])

    said = capsys.readouterr()
    assert code == 1
    assert said.out.count("a slip") == 1
    assert "bad does not load; no other law was tried." in said.err


def test_a_fault_that_shows_more_than_once_is_told_once(site, capsys):
    write_plugin(site, "bad", f"{HEAD}def may_fire():\n    raise ValueError('a slip')\n")

    assert main(["plugin", "check", "bad", "--lang", "en"]) == 1

    told = [line for line in capsys.readouterr().out.split("- ") if "a slip" in line]
    assert len(told) == len(set(told)) > 0


def test_what_a_command_says_that_it_is_for_needs_its_chinese(site, tmp_path):
    source = "def register_commands():\n    return [CommandHandler(command=Seal, run=print)]"
    write_plugin(site, "bad", f"{HEAD}{source}\n")

    assert "Seal: no Chinese for 'Seal something.'" in broken("sentences", "bad", tmp_path)


def test_what_is_not_installed_cannot_be_checked(capsys):
    assert main(["plugin", "check", "ruoting", "--lang", "en"]) == 1

    assert "did you mean 'routing'?" in capsys.readouterr().err


NEEDY = '''
    """Cannot do without a setting, and decides only where it is told to."""
    from casewright import Setting, hookimpl

    @hookimpl
    def register_settings():
        return [
            Setting(name="gateway", help="Where it is.", required=True),
            Setting(name="strict", help="Decide.", kind="yes_no", default=False, turns_on="may_assign"),
        ]

    @hookimpl
    def may_assign():
        raise ValueError("asked")
'''


def test_a_plugin_is_tried_with_the_settings_that_it_needs_and_with_its_hooks_turned_on(
    site, tmp_path
):
    write_plugin(site, "needy", NEEDY)
    (tmp_path / "bare").mkdir()

    bare = "\n".join(map(str, BY_NAME["loads"].broken("needy", tmp_path / "bare")))
    (tmp_path / "set").mkdir()
    decided = BY_NAME["decisions"].broken("needy", tmp_path / "set", {"gateway": 'a "b" \\'})

    assert "'gateway' is missing" in bare
    assert ["it raised ValueError (asked)" in str(one) for one in decided] == [True] * 3


def test_the_check_goes_by_the_settings_of_the_workspace(site, tmp_path, capsys):
    write_plugin(site, "needy", NEEDY)
    toml = '[plugins]\nload = ["needy"]\n[plugin.needy]\ngateway = "here"\nstrict = false\n'
    (tmp_path / "casewright.toml").write_text(toml)

    code = main(["-C", str(tmp_path), "plugin", "check", "needy", "--json"])

    assert (code, json.loads(capsys.readouterr().out)["ok"]) == (0, True)
