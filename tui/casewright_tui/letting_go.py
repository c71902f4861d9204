"""What Textual would never let go: the drawn lines of widgets that are gone."""

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style


@lru_cache(1024)
def _inner_outer(base_background: Color, background: Color) -> tuple[Style, Style]:
    """Return what lies within a widget's border and what lies around it, as Textual reckons it."""
    return Style(background=base_background + background), Style(background=base_background)


def let_go_of_lines() -> None:
    """Have Textual remember these styles by the two colours alone.

    It remembers them by the widget's cache of drawn lines too, a thousand times: of each widget that was left, as of
    each ticket that was opened, all its lines stayed.
    """
    StylesCache.get_inner_outer = staticmethod(_inner_outer)  # type: ignore[method-assign, assignment]
