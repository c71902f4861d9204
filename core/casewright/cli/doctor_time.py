"""What the doctor says about time: channels, the listener, quiet hours, calendars, the worker and its notices."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from queue import Queue
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casewright.cli.doctor_check import (
    Check,
    calendars_named,
    channels_named,
    problem,
    refused,
    warning,
    well,
)
from casewright.config import Config
from casewright.errors import CasewrightError, message
from casewright.settings.channels import INBOX, ChannelKind
from casewright.workflows.spec import Workflow

if TYPE_CHECKING:
    from casewright.answers import Health
    from casewright.sla.calendar import Calendar

ASKED_FROM_MONTH = 11
"""From November on next year's holidays are published, and due times reach into it."""


def used_channels(config: Config, workflows: Sequence[Workflow]) -> dict[str, ChannelKind]:
    """Return the kind of each channel that the workflows use and the workspace has."""
    named: set[str] = set().union(*map(channels_named, workflows))
    return {name: one.kind for name, one in config.channels.items() if name in named}


def channel_checks(config: Config, workflows: Sequence[Workflow]) -> Iterator[Check]:
    """Examine the channels, opening each, which sends nothing; and what the worker is to listen to."""
    named: set[str] = set().union(*map(channels_named, workflows))
    missing = sorted(named - {INBOX, *config.channels})
    if missing:
        said = message(
            "workflows tell people over channels that casewright.toml does not have: {channels}; nothing arrives there",
            channels=missing,
        )
        yield warning("channels", said)
    faults = [*_unusable(config), *_deaf(config)]
    yield from faults
    if not missing and not faults:
        told = [f"{name} ({one.driver})" for name, one in config.channels.items()]
        yield well("channels", message("channels: {channels}", channels=[INBOX, *told]))
    quiet = config.quiet_hours
    if quiet is not None:
        said = message(
            "from {start} until {until} nobody is told what can wait",
            start=f"{quiet.start:%H:%M}",
            until=f"{quiet.until:%H:%M}",
        )
        yield well("quiet_hours", said)


def calendar_checks(
    calendars: Mapping[str, "Calendar"], workflows: Sequence[Workflow], now: datetime
) -> Iterator[Check]:
    """Look for calendars in use whose holidays are not known for this year or, from November on, the next."""
    named: set[str] = set().union(*map(calendars_named, workflows))
    used = {name: one for name, one in calendars.items() if name in named}
    years: dict[int, list[str]] = {}
    for name, calendar in sorted(used.items()):
        for year in _unpublished(calendar, now):
            years.setdefault(year, []).append(name)
    for year, names in sorted(years.items()):
        said = message(
            "the holidays of {year} are not in these calendars yet, so due times there are provisional: {calendars}; "
            "see `casewright calendar import --help`",
            year=str(year),
            calendars=names,
        )
        yield warning("calendars", said)
    if used and not years:
        yield well("calendars", message("calendars: {calendars}", calendars=sorted(used)))


def worker_checks(health: "Health") -> Iterator[Check]:
    """Examine whether what is due happens, and whether notices arrive."""
    late, given_up = health.late_timers + health.late_notices, sum(health.given_up.values())
    if health.late_since is not None and not health.worker:
        said = message(
            "nothing that fell due since {since} was done, for no worker is at work "
            "(timers: {timers}, notices: {notices}): run `casewright worker`",
            since=health.late_since,
            timers=health.late_timers,
            notices=health.late_notices,
        )
        yield warning("worker", said)
    elif health.worker:
        said = message(
            "a worker is at work: {holder} (late: {late})", holder=health.worker, late=late
        )
        yield warning("worker", said) if late else well("worker", said)
    else:
        yield well("worker", message("nothing is late; no worker is at work now"))
    if health.failed_timers:
        said = message(
            "timers that were given up: {count}; see `casewright timer list --state failed`",
            count=health.failed_timers,
        )
        yield problem("timers", said)
    if given_up:
        state = max(health.given_up, key=lambda one: health.given_up[one])
        said = message(
            "notices that reached nobody: {count}; see `casewright notice list --state {state}`",
            count=given_up,
            state=state,
        )
        yield warning("notices", said)


def _unpublished(calendar: "Calendar", now: datetime) -> Iterator[int]:
    here = now.astimezone(ZoneInfo(calendar.zone))
    asked = [here.year] if here.month < ASKED_FROM_MONTH else [here.year, here.year + 1]
    for year in asked:
        if calendar.provisional(here.replace(year=year, month=7, day=1)):
            yield year


def _unusable(config: Config) -> Iterator[Check]:
    from casewright.delivery.channels import open_channel

    for settings in config.channels.values():
        if settings.strange:
            template = "the channel '{name}' is of a plugin that is not there; what is sent over it waits"
            yield problem("channels", message(template, name=settings.name))
        if settings.strange or settings.plugin:
            continue
        try:
            open_channel(settings).close()
        except CasewrightError as error:
            yield refused("channels", error)


def _deaf(config: Config) -> Iterator[Check]:
    """Look whether the listener would refuse to start, or a gateway's receipts have nowhere to come in."""
    if config.worker.host:
        from casewright.worker.listener import Listener

        try:
            Listener(config.worker, config.channels, Queue())
        except CasewrightError as error:
            yield refused("listener", error)
        return
    gateways = sorted(name for name, one in config.channels.items() if one.driver == "http")
    if gateways:
        said = message(
            "receipts and replies of {channels} have nowhere to come in: say [worker] listen and secret",
            channels=gateways,
        )
        yield warning("listener", said)
