"""What a plugin did wrong, said in a sentence: raised, was late, answered something else."""

from collections.abc import Iterator
from opcode import opmap
from pathlib import PurePath
from string import Formatter
from types import TracebackType

from casewright.errors import CasewrightError, Message, PluginFailed, message

LONGEST_SAID = 300
"""Characters that are kept of what an exception of a plugin's says."""
_RAISE = opmap["RAISE_VARARGS"]


def too_slow(seconds: float) -> Message:
    """Return that a call took longer than it has."""
    return message("it took longer than the {seconds} s it has", seconds=f"{seconds:g}")


def raised(plugin: str, error: BaseException) -> Message:
    """Return what a plugin raised, and where in its package, as far as it was there."""
    if isinstance(error, CasewrightError) and can_be_told(error):
        return message("it refused: {error}", error=error)
    said = " ".join(_said(error).split())[:LONGEST_SAID]
    kind, place = type(error).__name__, _place(plugin, error)
    if not place:
        return message("it raised {kind} ({said})", kind=kind, said=said or "-")
    template = "it raised {kind} ({said}) at {place}"
    return message(template, kind=kind, said=said or "-", place=place)


def answered(plugin: str, hook: str, *, wanted: str, found: object) -> PluginFailed:
    """Return that a plugin answered something of another kind than it must."""
    template = "it returned {found} where {wanted} belongs"
    reason = message(template, found=type(found).__name__, wanted=wanted)
    return PluginFailed(plugin=plugin, hook=hook, reason=reason)


def can_be_told(refusal: CasewrightError) -> bool:
    """Return whether a refusal can be said at all: its sentence filled in with its own values."""
    try:
        return isinstance(str(refusal), str)
    except Exception:  # noqa: BLE001 (a border: then it is told as something that was raised)
        return False


def fills(said: Message) -> bool:
    """Return whether a sentence can be said: its template asks for values that it has, as they are."""
    try:
        parts = list(Formatter().parse(said.text))
    except ValueError:
        return False
    return all(
        name is None or (name in said.values and not spec and not conversion)
        for _, name, spec, conversion in parts
    )


def is_the_users(error: BaseException) -> bool:
    """Return whether it is somebody's Ctrl-C, which comes between two steps, and not one that the plugin itself raises."""
    if not isinstance(error, KeyboardInterrupt):
        return False
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return at is None or at.tb_frame.f_code.co_code[at.tb_lasti] != _RAISE


def _place(plugin: str, error: BaseException) -> str:
    """Return the last line of the plugin's own package that an exception passed, such as `limits.py:9`; "" for none."""
    from casewright.plugins.finding import installed  # read only when something failed

    found = installed().get(plugin)
    package = found.package.partition(":")[0] if found is not None else ""
    place = ""
    for at in _frames(error.__traceback__) if package else ():
        module = str(at.tb_frame.f_globals.get("__name__", ""))
        if module == package or module.startswith(f"{package}."):
            path = PurePath(at.tb_frame.f_code.co_filename)
            depth = module.count(".") - package.count(".") + (path.name == "__init__.py")
            place = f"{'/'.join(path.parts[-max(depth, 1) :])}:{at.tb_lineno}"
    return place


def _frames(at: TracebackType | None) -> Iterator[TracebackType]:
    while at is not None:
        yield at
        at = at.tb_next


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 (a border: an exception that cannot even be said)
        return ""
