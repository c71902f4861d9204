"""The Jinja2 door: a template that was read once and can only put known texts into its own.

Jinja2's sandbox bounds neither time nor memory and lets any public method be called. Here the
syntax tree passes an allow-list (`template_parts`), every name and value is known to exist
(`template_kinds`), and what goes in is plain data (`template_names`); the sandbox is the last wall.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from casewright.delivery import template_kinds, template_parts
from casewright.delivery.template_filters import FILTERS
from casewright.delivery.template_names import Names, plain
from casewright.delivery.template_parts import Fault
from casewright.errors import message

LONGEST_SOURCE = 8_000
LONGEST_RESULT = 8_000
"""A result is cut here: a notice that is too long is told all the same."""


class RestrictedTemplate:
    """A text with names in it, checked; `render` is all it can do."""

    def __init__(self, tree: nodes.Template, names: Names) -> None:
        self._spoken = {node.attr for node in tree.find_all(nodes.Getattr)}
        self._names = names
        code = _ENVIRONMENT.compile(tree)
        self._template = jinja2.Template.from_code(_ENVIRONMENT, code, {})

    def speaks_of(self, part: str) -> bool:
        """Return whether the text shows or asks for a part of this name, such as `message`."""
        return part in self._spoken

    def render(self, values: Mapping[str, Any], *, zone: tzinfo) -> str:
        """Return the text with `values` in it, moments in `zone`; what is missing stays empty."""
        parts, length = [], 0
        for part in self._template.generate(plain(values, self._names, zone)):
            parts.append(part)
            length += len(part)
            if length > LONGEST_RESULT:
                return "".join(parts)[: LONGEST_RESULT - 1] + "…"
        return "".join(parts)


def compiled(source: str, names: Names) -> RestrictedTemplate | list[Fault]:
    """Return the template that `source` is, or what is wrong with it; it may speak of `names`."""
    if len(source) > LONGEST_SOURCE:
        template = "the template is longer than {limit} characters"
        return [Fault(1, "", message(template, limit=LONGEST_SOURCE))]
    try:
        tree = _ENVIRONMENT.parse(source)
        found = template_parts.faults(tree) or template_kinds.faults(tree, names)
        return found or RestrictedTemplate(tree, names)
    except jinja2.TemplateSyntaxError as error:
        reason = message(
            "not a template ({problem})", problem=(error.message or "").rstrip(".")
        )
        return [Fault(error.lineno or 1, "", reason)]
    except (RecursionError, MemoryError, ValueError, SyntaxError):
        return [Fault(1, "", message("parts stand too deep in each other, or are too large"))]


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which a dot reads a dict's own entry, and nothing can be called."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def _environment() -> _Environment:
    made = _Environment(
        undefined=jinja2.StrictUndefined,
        optimized=False,  # folding constants would compute them while the template is checked
        cache_size=0,
        autoescape=False,  # what is made here is plain text; no channel reads it as markup
        keep_trailing_newline=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.clear()
    made.filters = {name: one.apply for name, one in FILTERS.items()}
    made.tests = {}
    return made


_ENVIRONMENT = _environment()
