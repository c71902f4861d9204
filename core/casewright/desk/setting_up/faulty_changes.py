"""What stands otherwise in the files than what is published, told of each by itself, where some are not fit to be published."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from casewright import compact_json, strict_json, strict_yaml
from casewright.customers.settings import FILE as CUSTOMERS
from casewright.desk.setting_up.change_details import differences
from casewright.desk.setting_up.publication_content import CHANGED, NEW
from casewright.errors import CasewrightError
from casewright.store import calendars, configuration
from casewright.store.configuration import Configuration
from casewright.store.database import Database
from casewright.workflows import table_csv

Found = tuple[str, str, str, tuple[str, ...]]
"""Kind, name, how it stands, and the lines that come and go."""
_SETS = ("table", "template", "role", "file")


def published(database: Database, settings: Configuration) -> Mapping[str, Mapping[str, Any]]:
    """Return by kind and name what is in force, as its file says it."""
    found: dict[str, dict[str, Any]] = {
        kind: dict(configuration.raw_set(database, kind)) for kind in _SETS
    }
    found |= {"workflow": {}, "form": {}, "calendar": {}}
    for name, digest in settings.current.items():
        content = configuration.bundle(database, digest)
        if content is not None:
            bundle = compact_json.decode(content)
            found["workflow"][name] = bundle["workflow"]
            found["form"] |= bundle["forms"]
    for name, digest in settings.calendars.items():
        calendar = calendars.content(database, digest)
        if calendar is not None:
            found["calendar"][name] = compact_json.decode(calendar)
    if settings.customers:
        found["file"][CUSTOMERS] = settings.customers
    return found


def faulty_lines(
    files: Iterable[tuple[Path, str, str]], before: Mapping[str, Mapping[str, Any]]
) -> Iterator[Found]:
    """Yield what is found of each file (path, kind, name) that is not as it is in force.

    Of a file that cannot be read nothing is found: its problem says why. Of a form that no workflow has yet neither.
    """
    for path, kind, name in files:
        then = _data(path)
        if kind == "role":
            yield from _roles(then, before["role"])
        elif then is not None and name in before[kind]:
            if lines := differences(_plain(before[kind][name]), _plain(then)):
                yield kind, name, CHANGED, lines
        elif then is not None and kind != "form":
            yield kind, name, NEW, ()


def _roles(then: Any, before: Mapping[str, Any]) -> Iterator[Found]:
    roles = then.get("roles") if isinstance(then, dict) else None
    for name, one in roles.items() if isinstance(roles, dict) else ():
        if lines := differences(_plain(before.get(name, {})), _plain(one)):
            yield "role", name, CHANGED, lines


def _data(path: Path) -> Any:
    try:
        if path.suffix == ".csv":
            return table_csv.load_file(path, file=path.name).data
        if path.suffix == ".json":
            return strict_json.loads(path.read_bytes(), file=path.name)
        return strict_yaml.load_file(path).data
    except (CasewrightError, OSError):
        return None


def _plain(value: Any) -> Any:
    return compact_json.decode(compact_json.encode(value))
