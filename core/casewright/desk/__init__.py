"""The desk: the front door. Front ends execute commands and ask queries here, and use nothing behind it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casewright.desk.embedded import Desk
    from casewright.desk.installing import (
        database_status,
        database_version,
        migrate_database,
        migrate_plugins,
        workspace_vitals,
        wrong_tallies,
    )
    from casewright.desk.opening import open_desk
    from casewright.desk.setting_up.publishing import publish, publish_workspace
    from casewright.desk.shared_desk import SharedDesk, open_shared_desk

_HOMES = {
    "Desk": "casewright.desk.embedded",
    "SharedDesk": "casewright.desk.shared_desk",
    "open_desk": "casewright.desk.opening",
    "open_shared_desk": "casewright.desk.shared_desk",
    "database_status": "casewright.desk.installing",
    "database_version": "casewright.desk.installing",
    "migrate_database": "casewright.desk.installing",
    "migrate_plugins": "casewright.desk.installing",
    "workspace_vitals": "casewright.desk.installing",
    "wrong_tallies": "casewright.desk.installing",
    "publish": "casewright.desk.setting_up.publishing",
    "publish_workspace": "casewright.desk.setting_up.publishing",
}

__all__ = [
    "Desk",
    "SharedDesk",
    "database_status",
    "database_version",
    "migrate_database",
    "migrate_plugins",
    "open_desk",
    "open_shared_desk",
    "publish",
    "publish_workspace",
    "workspace_vitals",
    "wrong_tallies",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(name)
    return getattr(import_module(home), name)
