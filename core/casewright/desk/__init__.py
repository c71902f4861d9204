"""The desk: the front door. Front ends execute commands and ask queries here, and use nothing behind it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casewright.desk.embedded import Desk
    from casewright.desk.opening import (
        database_status,
        migrate_database,
        migrate_plugins,
        open_desk,
        workspace_vitals,
    )
    from casewright.desk.setting_up.publishing import publish, publish_workspace

_HOMES = {
    "Desk": "casewright.desk.embedded",
    "open_desk": "casewright.desk.opening",
    "database_status": "casewright.desk.opening",
    "migrate_database": "casewright.desk.opening",
    "migrate_plugins": "casewright.desk.opening",
    "workspace_vitals": "casewright.desk.opening",
    "publish": "casewright.desk.setting_up.publishing",
    "publish_workspace": "casewright.desk.setting_up.publishing",
}

__all__ = [
    "Desk",
    "database_status",
    "migrate_database",
    "migrate_plugins",
    "open_desk",
    "publish",
    "publish_workspace",
    "workspace_vitals",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(name)
    return getattr(import_module(home), name)
