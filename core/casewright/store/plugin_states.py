"""What a workspace remembers of its plugins: the decisions each has a say in, and those that are disabled."""

from collections.abc import Mapping
from typing import Any

from casewright import compact_json
from casewright.clock import from_microseconds, to_microseconds
from casewright.contributions import PluginState
from casewright.errors import message
from casewright.store import details
from casewright.store.damage import reading
from casewright.store.database import Database


def read(database: Database) -> Mapping[str, PluginState]:
    """Return the state of every plugin that was ever loaded here, by name."""
    found = {}
    for name, record in database.execute("SELECT name, record FROM plugin ORDER BY name"):
        with reading(message("the plugin '{name}'", name=name)):
            found[name] = _state(compact_json.decode(record))
    return found


def save(database: Database, name: str, state: PluginState) -> None:
    """Store a plugin's state, over the one before; every process reads it with the configuration."""
    database.execute(
        "INSERT INTO plugin (name, record) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET record = excluded.record",
        (name, compact_json.encode(_record(state))),
    )
    database.execute("UPDATE meta SET value = value + 1 WHERE name = 'configuration'")


def _record(state: PluginState) -> dict[str, Any]:
    at = state.disabled_at
    return {
        "version": state.version,
        "hooks": state.hooks,
        "strikes": [to_microseconds(one) for one in state.strikes],
        "disabled_at": None if at is None else to_microseconds(at),
        "disabled_because": details.written(state.disabled_because),
    }


def _state(record: Mapping[str, Any]) -> PluginState:
    at = record["disabled_at"]
    return PluginState(
        version=record["version"],
        hooks=tuple(record["hooks"]),
        strikes=tuple(from_microseconds(one) for one in record["strikes"]),
        disabled_at=None if at is None else from_microseconds(at),
        disabled_because=details.read(record["disabled_because"]),
    )
