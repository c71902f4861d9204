"""What a plugin says it brings is checked at start: one that is wrong is left out, says why, and the others are there."""

import pytest

from casewright.commands import OpenTicket
from casewright.desk import open_desk
from casewright.errors import ConfigRefused
from casewright.texts import Texts

from .made import write_plugin

GOOD = '''
    """Brings a word, an action, a driver, a file and a command."""
    from dataclasses import dataclass
    from typing import ClassVar
    from casewright import (
        ChannelDriver, Command, CommandHandler, Delivered, Done, WorkflowAction, WorkflowWord, WorkspaceFile, hookimpl,
    )

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Paint(Command):
        permission: ClassVar[str] = "{name}.paint"

    @hookimpl
    def register_words():
        return [WorkflowWord(name="colour", on=("state",), schema={}, doc="A colour")]

    @hookimpl
    def register_actions():
        return [WorkflowAction(verb="paint", schema={}, doc="Paints", perform=lambda *given: Done())]

    @hookimpl
    def register_channels():
        return [ChannelDriver(name="pigeon", kind="chat", help="Pigeons")]

    @hookimpl
    def deliver(channel, outgoing):
        return Delivered()

    @hookimpl
    def register_files():
        return [WorkspaceFile(name="colours.yaml", check=lambda document, names: ())]

    @hookimpl
    def register_commands():
        return [CommandHandler(command=Paint, run=lambda desk, command: None)]
'''.replace("{name}", "good")
HEAD = """
    from dataclasses import dataclass
    from typing import ClassVar
    import os, sys, time
    from casewright import *
    from casewright import (
        ANY_STAFF, ChannelDriver, Command, CommandHandler, Done, Forgetting, GuardFunction, Job, Migration, OpenTicket,
        Query, QueryHandler, TicketCommand, WorkflowAction, WorkflowWord, WorkspaceFile, hookimpl, message,
    )

    def nothing(*given):
        return None

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Own(Command):
        permission: ClassVar[str] = "bad.own"

"""
FAULTS = {
    # The module itself.
    "raises when imported": (
        "raise ValueError('early')",
        "'import': it raised ValueError (early)",
    ),
    "exits when imported": ("sys.exit('early')", "'import': it raised SystemExit (early)"),
    "is not Python": ("def (", "'import': it raised SyntaxError"),
    "imports what is not there": (
        "import nothing_of_the_kind",
        "it raised ModuleNotFoundError",
    ),
    "reaches for what is not public": (
        "from casewright import Nothing",
        "'import': it raised ImportError",
    ),
    # The hooks.
    "a misspelt hook": (
        "@hookimpl\ndef after_evnt(event): return ()",
        "there is no hook 'after_evnt'; did you mean 'after_event'?",
    ),
    "a misspelt hook that calls itself optional": (
        "@hookimpl(optionalhook=True)\ndef after_evnt(event): return ()",
        "there is no hook 'after_evnt'; did you mean 'after_event'?",
    ),
    "an unknown argument": (
        "@hookimpl\ndef may_fire(tickets): return None",
        "the hook 'may_fire' has no argument 'tickets'; did you mean 'ticket'?",
    ),
    "an argument with a star": (
        "@hookimpl\ndef may_fire(*, ticket): return None",
        "its argument 'ticket' must be a plain one",
    ),
    "an argument with a default": (
        "@hookimpl\ndef may_fire(ticket=None): return None",
        "its argument 'ticket' must be a plain one",
    ),
    "wants to be first": (
        "@hookimpl(tryfirst=True)\ndef may_fire(ticket): return None",
        "the order is by name",
    ),
    "wraps the others": (
        "@hookimpl(wrapper=True)\ndef may_fire(ticket): return (yield)",
        "the order is by name",
    ),
    "a generator": (
        "@hookimpl\ndef after_event(event): yield 1",
        "it cannot be async or yield",
    ),
    "an async hook": (
        "@hookimpl\nasync def after_event(event): return ()",
        "it cannot be async or yield",
    ),
    "a hook that is a class": ("@hookimpl\nclass may_fire: pass", "it must be a function"),
    "a hook without its mark": (
        "def may_fire(ticket): return None",
        "it has no @hookimpl before it",
    ),
    # What it registers.
    "a hook that raises": ("raising", "it raised ValueError (a slip)"),
    "a word instead of words": (
        "@hookimpl\ndef register_words(): return WorkflowWord(name='x', on=('state',), schema={}, doc='')",
        "it must return a list of WorkflowWord, not WorkflowWord",
    ),
    "something else among the words": (
        "@hookimpl\ndef register_words(): return ['zone']",
        "its list has str where WorkflowWord belongs",
    ),
    "a word of the core's": ("word 'title'", "its word 'title' is one of the core's"),
    "a word that is no name": ("word 'a b'", "'a b' is no name"),
    "a word that is a number": ("word 5", "'5' is no name"),
    "a word that stands nowhere": (
        "@hookimpl\ndef register_words(): return [WorkflowWord(name='zone', on=('board',), schema={}, doc='')]",
        "must stand on some of",
    ),
    "a schema that is none": ("schema {'type': 'txt'}", "its schema does not hold"),
    "a schema that is a list": ("schema []", "its schema is no mapping"),
    "a schema that fetches a file": (
        "schema {'$ref': 'file:///etc/passwd'}",
        "its schema has '$ref'; write it out instead",
    ),
    "a schema that fetches from afar": (
        "schema {'properties': {'a': {'$dynamicRef': 'https://example.org/x'}}}",
        "its schema has '$dynamicRef'; write it out instead",
    ),
    "a schema within itself": ("endless schema", "it raised RecursionError"),
    "a function of another's name": (
        "function 'fits', (), 'boolean'",
        "must begin with 'bad_'",
    ),
    "a function of an unknown kind": (
        "function 'bad_fits', (), 'colour'",
        "takes or gives 'colour'",
    ),
    "a function that cannot be called": (
        "@hookimpl\ndef register_functions(): return "
        "[GuardFunction(name='bad_f', parameters=(), result='text', doc='', call=5)]",
        "is no function",
    ),
    "a job that is always due": ("job '0 minutes'", "a duration must be longer than nothing"),
    "a job of no rhythm": ("job 'often'", "often"),
    "a job whose rhythm is a number": ("job 5", "'every' of Job must be a text"),
    "a forgetting of nothing": ("forgetting 5", "'what' of Forgetting must be a text"),
    "a driver of the core's": ("driver 'console', 'chat'", "'console' is no name for a driver"),
    "a driver of an unknown kind": ("driver 'drums', 'sound'", "is of one kind of"),
    "a driver that is a number": ("driver 5, 'chat'", "'name' of ChannelDriver must be a text"),
    "a file of the core's": ("file 'roles.yaml'", "cannot be a file of the plugin"),
    "a file somewhere else": ("file '../../etc/x.yaml'", "cannot be a file of the plugin"),
    "a command of the core's": ("command OpenTicket", "must begin with 'bad.'"),
    "a command that is called as one of the core's": (
        "command dataclass(frozen=True, kw_only=True)(type('OpenTicket', (Own,), {'permission': 'bad.own'}))",
        "'OpenTicket' is the name of one of the core's",
    ),
    "a command of another's permission": (
        "command dataclass(frozen=True, kw_only=True)(type('Thieve', (Own,), {'permission': 'good.paint'}))",
        "the permission of Thieve must begin with 'bad.'",
    ),
    "a command that is none": ("command int", "must be a frozen dataclass made from Command"),
    "a query of the core's": (
        "@hookimpl\ndef register_queries(): return "
        "[QueryHandler(query=__import__('casewright').GetTicket, run=nothing)]",
        "'GetTicket' is the name of one of the core's",
    ),
    "settings that are words": (
        "@hookimpl\ndef register_settings(): return ['a']",
        "where Option belongs",
    ),
    # Its tables.
    "a migration of the core's tables": (
        "migration 1, 'DROP TABLE ticket;'",
        "tables are not made",
    ),
    "a migration of another's tables": (
        "migration 1, 'CREATE TABLE good_x (n INTEGER);'",
        "tables are not made",
    ),
    "a migration after a gap": (
        "migration 2, 'CREATE TABLE bad_x (n INTEGER);'",
        "its migrations are numbered 2 where 1 belongs",
    ),
    "a migration that is no SQL": ("migration 1, 'MAKE TABLE bad_x;'", "tables are not made"),
    "a migration that is a number": ("migration 1, 5", "'sql' of Migration must be a text"),
}
WRITTEN = {
    "raising": "@hookimpl\ndef register_words(): raise ValueError('a slip')",
    "word ": "@hookimpl\ndef register_words(): "
    "return [WorkflowWord(name={}, on=('state',), schema={{}}, doc='')]",
    "schema ": "@hookimpl\ndef register_words(): "
    "return [WorkflowWord(name='zone', on=('state',), schema={}, doc='')]",
    "endless schema": "schema = {}\nschema['properties'] = {'a': schema}\n"
    "@hookimpl\ndef register_words(): "
    "return [WorkflowWord(name='zone', on=('state',), schema=schema, doc='')]",
    "function ": "def register(name, parameters, result): "
    "return [GuardFunction(name=name, parameters=parameters, result=result, doc='', call=nothing)]\n"
    "@hookimpl\ndef register_functions(): return register({})",
    "job ": "@hookimpl\ndef register_jobs(): return [Job(name='tidy', every={}, run=nothing)]",
    "forgetting ": "@hookimpl\ndef register_forgetting(): return [Forgetting(what={}, run=nothing)]",
    "driver ": "def register(name, kind): return [ChannelDriver(name=name, kind=kind, help='')]\n"
    "@hookimpl\ndef deliver(channel, outgoing): return None\n"
    "@hookimpl\ndef register_channels(): return register({})",
    "file ": "@hookimpl\ndef register_files(): return [WorkspaceFile(name={}, check=nothing)]",
    "command ": "@hookimpl\ndef register_commands(): return [CommandHandler(command={}, run=nothing)]",
    "migration ": "def register(number, sql): return [Migration(number=number, name='made', sql=sql)]\n"
    "@hookimpl\ndef register_migrations(): return register({})",
}


def _source(fault: str) -> str:
    body = FAULTS[fault][0]
    for word, template in WRITTEN.items():
        if body == word:
            body = template
        elif word.endswith(" ") and body.startswith(word):
            body = template.format(body.removeprefix(word))
    return HEAD + "\n".join(f"    {line}" for line in body.splitlines())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_plugin_with_a_fault_is_left_out_and_says_why(plug, fault):
    centre = plug(good=GOOD, bad=_source(fault))

    standing = centre.standing("bad")
    assert not standing.active
    assert FAULTS[fault][1] in str(standing.reason)
    assert Texts("zh").value(standing.reason) != str(standing.reason)
    assert centre.standing("good").active
    centre.fire(centre.open(), "finish")
    assert centre.is_whole()


@pytest.mark.parametrize(
    ("clash", "piece"),
    [
        ("register_words", "its 'colour' is the plugin good's already"),
        ("register_actions", "its 'paint' is the plugin good's already"),
        ("register_channels", "its 'pigeon' is the plugin good's already"),
        ("register_files", "its 'colours.yaml' is the plugin good's already"),
        ("register_commands", "its 'Paint' is the plugin good's already"),
    ],
)
def test_of_two_plugins_that_claim_one_name_the_later_is_left_out(plug, clash, piece):
    hooks = GOOD.split("    @hookimpl\n")
    wanted = {clash, "deliver"} if clash == "register_channels" else {clash}
    kept = [
        one for one in hooks[1:] if one.strip().removeprefix("def ").split("(")[0] in wanted
    ]
    later = "    @hookimpl\n".join([hooks[0].replace("good.paint", "later.paint"), *kept])
    centre = plug(good=GOOD, later=later)

    assert centre.why("later") == piece
    assert centre.standing("good").active


@pytest.mark.parametrize("name", ["ticket", "customer", "plugin"])
def test_a_plugin_cannot_be_called_as_the_core_calls_its_own(plug, name):
    centre = plug(**{name: '"""Nothing."""'})

    assert not centre.standing(name).active
    assert centre.why(name)


def test_two_packages_that_call_themselves_one_plugin_are_both_left_out(plug):
    centre = plug(twin='"""The first."""')
    other = centre.site / "other"
    write_plugin(other, "twin", '"""The second."""', package="made_other", distribution="other")
    centre.also_install(other)
    centre.start_again()

    assert "2 installed packages call themselves so" in centre.why("twin")


def test_a_package_whose_metadata_cannot_be_read_is_in_nobodys_way(plug):
    centre = plug(good=GOOD)
    broken = centre.site / "broken-1.0.dist-info"
    broken.mkdir()
    (broken / "entry_points.txt").write_text("[casewright.plugins\nno = = sense\nx\n")

    centre.start_again()

    assert centre.standing("good").active


def test_a_plugin_that_hangs_when_imported_is_interrupted_and_left_out(plug, monkeypatch):
    monkeypatch.setattr("casewright.plugins.loading.START_SECONDS", 0.2)
    centre = plug(slow="while True: pass")

    assert "'import': it took longer than the 0.2 s it has" in centre.why("slow")
    centre.fire(centre.open(), "finish")


def test_a_plugin_that_hangs_in_registering_is_interrupted_and_left_out(plug, monkeypatch):
    monkeypatch.setattr("casewright.plugins.loading.START_SECONDS", 0.2)
    source = HEAD + "    @hookimpl\n    def register_words():\n        while True: pass\n"
    centre = plug(slow=source)

    assert "'register_words': it took longer than the 0.2 s it has" in centre.why("slow")


def test_a_setting_that_a_plugin_does_not_know_stops_the_start_at_its_place(plug):
    centre = plug(good=GOOD)
    (centre.root / "casewright.toml").write_text(
        '[plugins]\nload = ["good"]\n[plugin.good]\ncolour = "red"\n', encoding="utf-8"
    )

    with pytest.raises(ConfigRefused, match=r"casewright.toml:4:\d+: unknown setting 'colour'"):
        centre.start_again()
    centre.name("good")
    centre.start_again()


def test_a_job_on_a_calendar_that_is_not_there_stops_no_worker(plug):
    source = HEAD + (
        "    @hookimpl\n    def register_jobs():\n"
        "        return [Job(name='tidy', every='1 hour', run=nothing, calendar='nowhere')]\n"
    )
    centre = plug(lost=source)
    working = centre.desk.working()

    working.take_over()
    (run,) = working.run_jobs()

    assert "nowhere" in str(run.error)
    centre.desk.execute(OpenTicket(actor="ana", workflow="matter"))


def test_nothing_loads_that_is_not_named(plug):
    centre = plug(good=GOOD)
    write_plugin(centre.site, "unnamed", "raise SystemExit('loaded')")

    centre.start_again()

    assert [one.name for one in centre.desk.plugins.actives] == ["good"]
    with open_desk(centre.config, clock=centre.clock) as another:
        assert [one.name for one in another.plugins.actives] == ["good"]
