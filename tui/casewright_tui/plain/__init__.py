"""The plain mode: a line at a time, without drawing, for screen readers, braille and slow lines; the desk is the same."""

from casewright_tui.plain.loop import run_plainly

__all__ = ["run_plainly"]
