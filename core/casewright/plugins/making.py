"""A plugin project made from the one that casewright ships: small, whole, and named as it is asked to be."""

from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from importlib.resources import files
from importlib.resources.abc import Traversable
from keyword import iskeyword
from pathlib import Path

from casewright import __version__
from casewright.access.roles import PERMISSIONS
from casewright.errors import Message, PluginRefused, message
from casewright.plugins import finding
from casewright.settings.plugins import NAME

_ENDING = ".in"
_NAME, _VERSION = "PLUGIN", "VERSION"
_LONGEST = 31


def make_project(name: str, folder: Path, taken: Iterable[str]) -> tuple[Path, ...]:
    """Write a plugin project `name` into `folder`, which must not be there yet; return its files.

    PluginRefused where `name` is none for a plugin, or is among those `taken` by the core.
    """
    reason = _name_fault(name, taken)
    if reason is not None:
        raise PluginRefused(plugin=name[:80], reason=reason)
    if folder.exists() or folder.is_symlink():
        reason = message("{folder} is there already; name another folder", folder=str(folder))
        raise PluginRefused(plugin=name, reason=reason)
    try:
        return tuple(_written(name, folder))
    except OSError as error:
        template = "{folder} cannot be written ({problem})"
        reason = message(template, folder=str(folder), problem=error.strerror or "")
        raise PluginRefused(plugin=name, reason=reason) from None


def _written(name: str, folder: Path) -> Iterator[Path]:
    project = files("casewright.plugins") / "project"
    for source, path in sorted(_sources(project, ""), key=lambda one: one[1]):
        target = folder / path.replace(_NAME, name).removesuffix(_ENDING)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_text("utf-8").replace(_NAME, name).replace(_VERSION, __version__)
        target.write_text(content, encoding="utf-8")
        yield target


def _sources(folder: Traversable, path: str) -> Iterator[tuple[Traversable, str]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _sources(one, f"{path}{one.name}/")
        elif one.name.endswith(_ENDING):
            yield one, f"{path}{one.name}"


def _name_fault(name: str, taken: Iterable[str]) -> Message | None:
    if not NAME.fullmatch(name):
        template = "a plugin's name has 2 to {most} lower case letters and digits, and begins with a letter{hint}"
        return message(template, most=_LONGEST, hint=_instead(_tidied(name)))
    cores = {"casewright", *taken, *(one.partition(".")[0] for one in PERMISSIONS)}
    if name in cores or iskeyword(name):
        return message("the name is the core's own{hint}", hint=_instead(f"our{name}"))
    if name in finding.installed():
        return message(
            "a plugin of this name is installed already{hint}", hint=_instead(f"our{name}")
        )
    if f"casewright_{name}" in packages_distributions():
        return message("a package casewright_{name} is installed already", name=name)
    return None


def _tidied(name: str) -> str:
    """Return the letters and digits of a name, from its first letter on."""
    plain = "".join(one for one in name.lower() if one.isascii() and one.isalnum())
    return plain.lstrip("0123456789")[:_LONGEST]


def _instead(name: str) -> Message:
    fits = NAME.fullmatch(name) is not None and not iskeyword(name)
    return message("; how about '{name}'?", name=name) if fits else message("")
