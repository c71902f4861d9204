"""For tests of casewright and of what extends it: desks in a folder, and the contracts that stores and plugins keep."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casewright.clock import SetClock as SetClock
    from casewright.desk import Desk as Desk
    from casewright.testing.desk import MOMENT as MOMENT
    from casewright.testing.plugged_desk import plugin_desk as plugin_desk
    from casewright.testing.plugged_desk import run_jobs as run_jobs
    from casewright.testing.plugin_contract import PluginContract as PluginContract
    from casewright.testing.store_contract import StoreContract as StoreContract

_HOMES = {
    "Desk": "casewright.desk",
    "MOMENT": "casewright.testing.desk",
    "PluginContract": "casewright.testing.plugin_contract",
    "SetClock": "casewright.clock",
    "StoreContract": "casewright.testing.store_contract",
    "plugin_desk": "casewright.testing.plugged_desk",
    "run_jobs": "casewright.testing.plugged_desk",
}

__all__ = [
    "MOMENT",
    "Desk",
    "PluginContract",
    "SetClock",
    "StoreContract",
    "plugin_desk",
    "run_jobs",
]


def __getattr__(name: str) -> Any:
    """Fetch a name from its home: neither pytest nor a desk is loaded before it is needed."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"casewright.testing has no {name!r}")
    return getattr(import_module(home), name)
