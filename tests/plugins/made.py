"""Plugins made for one test: a package and its metadata in a folder of their own, found like one that was installed."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import invalidate_caches
from pathlib import Path
from textwrap import dedent


def write_plugin(
    folder: Path,
    name: str,
    source: str,
    *,
    modules: Mapping[str, str] | None = None,
    version: str = "1.0",
    package: str = "",
    distribution: str = "",
) -> None:
    """Write a plugin `name` as the package `made_NAME` into `folder`, as an installer would."""
    imported, known = package or f"made_{name}", distribution or f"made_{name}"
    _write_package(folder / imported, source, modules or {})
    metadata = folder / f"{known}-{version}.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {known}\nVersion: {version}\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(
        f"[casewright.plugins]\n{name} = {imported}\n", encoding="utf-8"
    )
    invalidate_caches()


def _write_package(package: Path, source: str, modules: Mapping[str, str]) -> None:
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(dedent(source), encoding="utf-8")
    for module, text in modules.items():
        (package / f"{module}.py").write_text(dedent(text), encoding="utf-8")


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """Let what is in `folder` be importable meanwhile."""
    sys.path.insert(0, str(folder))
    invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for module in [one for one in sys.modules if one.startswith("made_")]:
            del sys.modules[module]
        invalidate_caches()
