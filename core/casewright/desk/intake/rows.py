"""Taking in one row of a table: what its channel's map makes of it is an arrival like any other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casewright.commands import TakeInRow
from casewright.desk.library import Library
from casewright.errors import NotFound, message
from casewright.intake.arrival import Arrival
from casewright.intake.maps import arrival_of, map_from_data
from casewright.intake.rules import FILE
from casewright.nearest import hint


def arrival_of_row(library: Library, command: TakeInRow, now: datetime) -> Arrival:
    """Return what a row says; NotFound for a channel that the published rules do not have."""
    said: Mapping[str, Any] = library.configuration().files.get(FILE) or {}
    channels = said.get("channels", {})
    channel = channels.get(command.channel)
    if channel is None:
        near = hint(command.channel, sorted(channels))
        raise NotFound(kind=message("channel"), name=command.channel, hint=near)
    return arrival_of(
        map_from_data(channel.get("map", {})),
        command.cells,
        channel=command.channel,
        kind="csv",
        id=command.row,
        now=now,
        raw=command.raw,
    )
