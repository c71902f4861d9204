"""Channels of plugins that misbehave: the attempt failed and is made again, and no other message waits for it."""

from datetime import timedelta
from threading import Event

import pytest

from casewright.clock import SystemClock
from casewright.commands import EnablePlugin, FireTransition
from casewright.errors import ConfigRefused
from casewright.queries import ListNotices
from casewright.worker.loop import Worker

from .made import write_plugin
from .processes import run_cli

TELLS = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:olga
handler: opener
start: first
states:
  first:
    title: {en: Open, zh: 办理中}
    transitions:
      call: {by: anyone, do: [{tell: user:ben, via: [pigeon]}]}
      finish: {to: closed, by: anyone}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
CHANNEL = '\n[channels.pigeon]\ndriver = "pigeon"\n'
PIGEON = '''
    """Sends by pigeon."""
    import os, sys, time
    from casewright import Accepted, ChannelDriver, Delivered, Failed, Rejected, Unknown, hookimpl, message
    from casewright.settings.options import Option

    SENT = []

    @hookimpl
    def register_channels():
        option = Option(name="home", help="Where they live", default="roof")
        return [ChannelDriver(name="pigeon", kind="chat", help="Pigeons", options=(option,))]

    @hookimpl
    def deliver(channel, outgoing):
        SENT.append((channel.options["home"], outgoing.address, outgoing.key))
{behaviour}
'''


def _pigeon(behaviour: str = "return Delivered()") -> str:
    return PIGEON.replace("{behaviour}", f"        {behaviour}")


def _called(centre) -> str:
    key = centre.open()
    centre.desk.execute(FireTransition(actor="ana", ticket=key, transition="call"))
    return key


def _work(centre):
    working = centre.desk.working()
    worker = Worker(
        working, working.open_channels(), holder="one", tell=lambda line: None, stop=Event()
    )
    return worker.run(once=True)


def _notice(centre):
    page = centre.desk.ask(ListNotices(actor="adam"))
    return next(one for one in page.notices if one.via == "pigeon")


def test_a_plugin_sends_over_its_channel_with_its_options(plug):
    centre = plug(pigeon=_pigeon(), workflow=TELLS, toml=CHANNEL + 'home = "tower"\n')
    _called(centre)

    _work(centre)

    assert _notice(centre).state == "delivered"
    ((home, address, _),) = centre.member("pigeon", "SENT")
    assert (home, address) == ("tower", "ben")


def test_a_secret_of_a_plugins_channel_is_looked_up_in_the_environment(plug, monkeypatch):
    monkeypatch.setenv("PIGEON_HOME", "secret loft")
    centre = plug(pigeon=_pigeon(), workflow=TELLS, toml=CHANNEL + 'home = "env:PIGEON_HOME"\n')
    _called(centre)

    _work(centre)

    assert centre.member("pigeon", "SENT")[0][0] == "secret loft"


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("raise ValueError('no wind')", "it raised ValueError (no wind)"),
        ("sys.exit('no wind')", "it raised SystemExit (no wind)"),
        ("raise KeyboardInterrupt", "it raised KeyboardInterrupt"),
        ("return 'delivered'", "it returned str"),
        ("return None", "it returned NoneType"),
        ("return Failed(reason=object())", "pigeon"),
        ("return Rejected(reason=5, permanent='yes')", "pigeon"),
        ("return Accepted(provider_ids='abc')", "pigeon"),
        ("return Unknown(detail='x' * 10_000_000)", "pigeon"),
    ],
)
def test_what_a_delivery_does_wrong_is_a_failed_attempt_that_names_the_plugin(
    plug, behaviour, said
):
    centre = plug(pigeon=_pigeon(behaviour), workflow=TELLS, toml=CHANNEL)
    key = _called(centre)

    tally = _work(centre)

    assert tally.counts["unanswered"] == 1
    kept = [
        row[0] for row in centre.desk._database.execute("SELECT detail FROM delivery_attempt")
    ]
    assert said in str(kept)
    assert _notice(centre).state in ("queued", "submitted")
    assert centre.ticket(key).state == "first"
    assert centre.is_whole()


def test_a_failed_attempt_is_made_again_with_the_same_key(plug):
    behaviour = "return Delivered() if len(SENT) > 1 else Failed(reason='no wind')"
    centre = plug(pigeon=_pigeon(behaviour), workflow=TELLS, toml=CHANNEL)
    _called(centre)
    _work(centre)

    centre.clock.advance(timedelta(minutes=5))
    _work(centre)

    first, second = centre.member("pigeon", "SENT")
    assert first == second
    assert _notice(centre).state == "delivered"


def test_a_delivery_that_ends_the_process_is_left_out_and_its_message_waits(plug):
    centre = plug(pigeon=_pigeon("os._exit(3)"), workflow=TELLS, toml=CHANNEL)
    centre.clock.set(SystemClock().now())
    _called(centre)
    centre.desk.close()

    ended = run_cli(centre.root, centre.site, "worker", "--once")

    assert ended.returncode == 3
    centre.start_again(pigeon=_pigeon())
    assert centre.why("pigeon") == "a process ended while it was in its 'deliver'"
    centre.clock.advance(timedelta(minutes=1))
    _work(centre)
    assert _notice(centre).state in ("queued", "submitted")


def test_what_goes_over_a_disabled_plugins_channel_waits_and_goes_out_when_it_is_enabled(plug):
    centre = plug(pigeon=_pigeon(), workflow=TELLS, toml=CHANNEL)
    working = centre.desk.working()
    channels = working.open_channels()
    _called(centre)
    with centre.another_desk() as other:
        other.execute_as_system(_disable())
        for _ in range(3):
            centre.clock.advance(timedelta(minutes=1))
            Worker(working, channels, holder="one", tell=lambda line: None, stop=Event()).run(
                once=True
            )
        assert centre.member("pigeon", "SENT") == []
        assert _notice(centre).state != "dead"

        other.execute(EnablePlugin(actor="adam", plugin="pigeon"))

    Worker(working, channels, holder="one", tell=lambda line: None, stop=Event()).run(once=True)
    assert _notice(centre).state == "delivered"


def _disable():
    from casewright.commands import DisablePlugin

    return DisablePlugin(actor="system", plugin="pigeon", reason="a trial")


def test_a_message_over_the_channel_of_a_plugin_that_was_removed_waits_for_it(plug):
    centre = plug(pigeon=_pigeon(), workflow=TELLS, toml=CHANNEL)
    _called(centre)
    centre.uninstall("pigeon")
    centre.start_again()
    for _ in range(12):
        _work(centre)
        centre.clock.advance(timedelta(minutes=20))
    assert _notice(centre).state not in ("dead", "delivered", "expired")

    write_plugin(centre.site, "pigeon", _pigeon())
    centre.start_again()
    _work(centre)

    assert _notice(centre).state == "delivered"


def test_a_driver_that_nobody_brings_is_refused_at_its_place(plug):
    centre = plug(pigeon=_pigeon(), toml='\n[channels.drum]\ndriver = "pidgeon"\n')

    with pytest.raises(ConfigRefused, match=r"unknown driver 'pidgeon'.*did you mean 'pigeon'"):
        centre.desk.working()
