"""From a file to a load, or to everything that is wrong with it; the ending says whether it is CSV or YAML."""

from pathlib import Path

from casewright import Problem, WorkspaceNames, read_file, read_yaml
from casewright_routing.load import Load
from casewright_routing.load_rows import MAX_BYTES, read_rows
from casewright_routing.load_streams import read_streams
from casewright_routing.rules import Rules


def read_load(
    path: Path,
    rules: Rules,
    *,
    seed: int = 0,
    file: str | None = None,
    names: WorkspaceNames | None = None,
) -> tuple[Load | None, list[Problem]]:
    """Return the load of a file, None when something is wrong with it, and what is; `seed` is for what is drawn.

    Without `names` a load may name workflows and fields that the workspace does not have.
    Raises `YamlRefused` or `FileUnreadable` as `read_yaml` does.
    """
    name = file or str(path)
    if path.suffix.lower() == ".csv":
        load, problems = read_rows(
            read_file(path, limit=MAX_BYTES, file=name), rules, name, names
        )
    else:
        load, problems = read_streams(read_yaml(path, file=name), rules, seed, names)
    return (None if problems else load), problems
