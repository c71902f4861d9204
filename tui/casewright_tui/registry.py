"""What plugins bring to the terminal: their modules are found by entry point, imported once, and what is no panel is told."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from casewright.answers import Myself, PluginStanding
from casewright.errors import Message, message
from casewright.queries import ListPlugins
from casewright.swift_dataclass import dataclass
from casewright_tui.panels import GROUP, Claim, Panel

if TYPE_CHECKING:
    import asyncio

    from casewright_tui.site import Ask

PLACES = ("ticket", "screen", "about")
LONGEST = 32
"""Characters that the name of a panel has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one plugin brings, and what of it could not be used."""

    plugin: str
    panels: tuple[Panel, ...] = ()
    claim: Claim | None = None
    faults: tuple[Message, ...] = ()


class Registry:
    """Knows the panels of the plugins that are at work here; a plugin that cannot be read is told of and left out."""

    def __init__(self, ask: "Ask", tell: Callable[[Message], None]) -> None:
        self._ask, self._tell = ask, tell
        self._brought: tuple[Brought, ...] | None = None
        self._loading: asyncio.Task[tuple[Brought, ...]] | None = None

    async def learn(self, myself: Myself | None) -> None:
        """Find out what the plugins bring, once."""
        import asyncio

        if self._brought is None and myself is not None:
            if self._loading is None:
                self._loading = asyncio.create_task(self._load(myself.person.name))
            loading = self._loading
            try:
                self._brought = await loading
            finally:
                if self._loading is loading:
                    self._loading = None

    def forget(self) -> None:
        """Find out anew when it is next wanted: the plugins may be others now."""
        self._brought = None

    def panels(self, at: str, myself: Myself | None) -> Sequence[Panel]:
        """Return the panels of a place that somebody may see, of all that is known by now."""
        return [
            one
            for brought in self._brought or ()
            for one in brought.panels
            if one.at == at and _may(myself, one.permission)
        ]

    def panel(self, name: str) -> Panel | None:
        """Return the panel of a name."""
        known = (one for brought in self._brought or () for one in brought.panels)
        return next((one for one in known if one.name == name), None)

    def claim(self, myself: Myself | None) -> Claim | None:
        """Return how the next ticket is taken where a plugin says it; the first by the plugin's name."""
        found = (one.claim for one in self._brought or () if one.claim is not None)
        return next((one for one in found if _may(myself, one.permission)), None)

    async def _load(self, actor: str) -> tuple[Brought, ...]:
        import asyncio

        standings: Sequence[PluginStanding] = await self._ask(ListPlugins(actor=actor))
        active = {one.name for one in standings if one.active}
        found = await asyncio.to_thread(lambda: tuple(brought_by(active)))
        for one in found:
            for fault in one.faults:
                self._tell(fault)
        return found


def brought_by(active: set[str]) -> Iterator[Brought]:
    """Yield what each of these plugins brings, by name; a panel whose name another has is left out."""
    taken: set[str] = set()
    for point in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        if point.name in active:
            yield read(point.name, partial(_module, point), taken)


def read(plugin: str, load: Callable[[], Any], taken: set[str]) -> Brought:
    """Return what the module of a plugin brings; whatever is wrong with it is among the faults."""
    try:
        module = load()
        listed = list(getattr(module, "PANELS", ()))
        claim = getattr(module, "CLAIM", None)
    except Exception as error:  # noqa: BLE001 (the border of a plugin: what it raises is told)
        template = "the screens of plugin '{plugin}' cannot be used: {error}"
        fault = message(template, plugin=plugin, error=f"{type(error).__name__}: {error}")
        return Brought(plugin=plugin, faults=(fault,))
    panels: list[Panel] = []
    faults: list[Message] = []
    for one in listed:
        fault_found = _fault(plugin, one, taken)
        if fault_found is None:
            panels.append(one)
            taken.add(one.name)
        else:
            faults.append(fault_found)
    if claim is not None and not isinstance(claim, Claim):
        faults.append(message("what plugin '{plugin}' calls CLAIM is no claim", plugin=plugin))
        claim = None
    return Brought(plugin=plugin, panels=tuple(panels), claim=claim, faults=tuple(faults))


def _module(point: EntryPoint) -> Any:
    return point.load()


def _may(myself: Myself | None, permission: str) -> bool:
    return bool(myself and (not permission or myself.permissions.get(permission)))


def _fault(plugin: str, one: Any, taken: set[str]) -> Message | None:
    if not isinstance(one, Panel):
        return message("plugin '{plugin}' lists something that is no panel", plugin=plugin)
    if (
        not isinstance(one.name, str)
        or not one.name.replace("_", "").isalnum()
        or len(one.name) > LONGEST
    ):
        template = "a panel of plugin '{plugin}' has no usable name: letters, digits and '_', at most {most}"
        return message(template, plugin=plugin, most=LONGEST)
    if one.name in taken:
        return message("a panel called '{name}' is there already", name=one.name)
    if one.at not in PLACES or not callable(one.ask) or not callable(one.show) or not one.title:
        return message(
            "the panel '{name}' of plugin '{plugin}' is not whole", name=one.name, plugin=plugin
        )
    return None
