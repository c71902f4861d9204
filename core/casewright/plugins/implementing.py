"""The hooks that a plugin's module implements: each is one that there is, by a function that can be called as it is.

pluggy holds the hooks' specifications: it refuses a hook that is misspelt and arguments that a hook does not have,
which would else be taken silently and never called.
"""

import inspect
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import pluggy
from pluggy import PluginValidationError

from casewright import hooks
from casewright.errors import Message, PluginFailed, message
from casewright.nearest import hint
from casewright.plugins.loaded import Implementation

HOOKS = tuple(
    name for name, one in vars(hooks).items() if hasattr(one, f"{hooks.PROJECT}_spec")
)
"""The names of all hooks, in the order of the page that specifies them."""
_MARK = f"{hooks.PROJECT}_impl"


def implemented(plugin: str, module: ModuleType) -> Mapping[str, Implementation]:
    """Return the hooks that `module` implements, in the order of the page that specifies them. PluginFailed."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    for hook, fault in _faults(module):
        raise PluginFailed(plugin=plugin, hook=hook, reason=fault)
    try:
        manager.register(module, plugin)
        manager.check_pending()
    except PluginValidationError as error:
        raise PluginFailed(plugin=plugin, hook="load", reason=_refused(error)) from None
    return {
        name: Implementation(function=one.function, arguments=tuple(one.argnames))
        for name in HOOKS
        for one in getattr(manager.hook, name).get_hookimpls()
    }


def _refused(error: PluginValidationError) -> Message:
    return message("{detail}", detail=" ".join(str(error).split())[:300])


def _faults(module: ModuleType) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with the hooks of a module, each with the hook that it is about."""
    for name, one in vars(module).items():
        marked = getattr(one, _MARK, None)
        if isinstance(marked, dict):
            yield from _marked_faults(marked.get("specname") or name, one, marked)
        elif name in HOOKS and inspect.isroutine(one):
            yield name, message("it has no @hookimpl before it, and would never be called")


def _marked_faults(
    hook: str, one: Any, marked: Mapping[str, Any]
) -> Iterator[tuple[str, Message]]:
    if hook not in HOOKS:
        yield (
            "load",
            message("there is no hook '{hook}'{hint}", hook=hook, hint=hint(hook, HOOKS)),
        )
    elif not inspect.isfunction(one):
        yield hook, message("it must be a function")
    elif any(marked.get(word) for word in ("wrapper", "hookwrapper", "tryfirst", "trylast")):
        yield (
            hook,
            message("a hook cannot wrap others or choose its turn: the order is by name"),
        )
    elif _answers_later(one):
        yield hook, message("it must return its answer: it cannot be async or yield")
    else:
        yield from _argument_faults(hook, one)


def _argument_faults(hook: str, function: Any) -> Iterator[tuple[str, Message]]:
    known = inspect.signature(getattr(hooks, hook)).parameters
    for name, one in inspect.signature(function).parameters.items():
        if name not in known:
            template = "the hook '{hook}' has no argument '{argument}'{hint}"
            near = hint(name, known)
            yield "load", message(template, hook=hook, argument=name, hint=near)
        elif one.kind is not one.POSITIONAL_OR_KEYWORD or one.default is not one.empty:
            template = (
                "its argument '{argument}' must be a plain one, without a star or a default"
            )
            yield hook, message(template, argument=name)


def _answers_later(function: Any) -> bool:
    return (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    )
