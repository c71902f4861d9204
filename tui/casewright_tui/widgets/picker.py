"""A field whose value is picked from many: what is typed sifts the list, Enter takes what it stands at."""

from textual import events
from textual.widgets import Input

from casewright_tui.lines import Lines
from casewright_tui.look import Look
from casewright_tui.pure.choosing import listed, matching
from casewright_tui.pure.entries import Entry
from casewright_tui.pure.field_kind import Choice, Choices
from casewright_tui.widgets.caret_input import CaretInput
from casewright_tui.widgets.field_control import Edited, Relined

ROWS = 7


class Picker(CaretInput):
    """Shows what is taken; while something is typed, what that could mean stands below."""

    def __init__(self, choices: Choices, look: Look, lang: str, *, several: bool) -> None:
        super().__init__()
        self._choices, self._look, self._lang, self._several = choices, look, lang, several
        self._taken: tuple[str, ...] = ()
        self._found: list[Choice] = []
        self._at = 0
        self.is_open = False

    @property
    def entry(self) -> Entry:
        """What is taken."""
        if self._several:
            return self._taken
        return self._taken[0] if self._taken else None

    @entry.setter
    def entry(self, entry: Entry) -> None:
        taken = entry if isinstance(entry, tuple) else (entry,)
        self._taken = tuple(one for one in taken if isinstance(one, str) and one)
        self._close()

    def offer(self, choices: Choices) -> None:
        """Offer other choices; what is taken stays taken."""
        self._choices = choices
        if self.is_open:
            self._sift()
        else:
            self._close()

    def dressed(self, look: Look, lang: str) -> None:
        """Draw in another look or language."""
        self._look, self._lang = look, lang
        if not self.is_open:
            self._close()

    def height(self, width: int) -> int:
        """One line."""
        return 1

    def below(self, width: int) -> Lines:
        """What could be meant."""
        if not self.is_open:
            return ()
        return listed(
            self._found, self._at, lang=self._lang, rows=ROWS, glyphs=self._look.glyphs,
            taken=self._taken, several=self._several,
        )  # fmt: skip

    async def _on_key(self, event: events.Key) -> None:
        """Open the list by Space or by typing, move in it and take from it; all else is as in any line."""
        handled = self._steered(event.key) if self.is_open else self._opened_by(event)
        if handled:
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)

    def _opened_by(self, event: events.Key) -> bool:
        if event.key in ("space", "ideographic_space", "f2"):
            self._open()
            return True
        if event.key in ("backspace", "delete") and self._taken:
            self._take(self._taken[:-1])
            return True
        if event.is_printable:
            self._open()
        return False

    def _steered(self, key: str) -> bool:
        """Do what a key means while the list is open; return whether it means something."""
        if key in ("up", "down"):
            self._at = max(
                0, min(len(self._found) - 1, self._at + (1 if key == "down" else -1))
            )
            self.post_message(Relined(self))
        elif key == "enter":
            # Of one, the choice is made, and Enter goes on as in any field; of several, more may be chosen.
            self._choose()
            return self._several
        elif key == "escape":
            self._close()
        else:
            return False
        return True

    def on_input_changed(self, message: Input.Changed) -> None:
        """Sift by what is typed now."""
        message.stop()

    def watch_value(self, value: str) -> None:
        """Sift by what is typed now."""
        if self.is_open:
            self._sift()

    def on_blur(self) -> None:
        """Take what the typed text means: who types ahead and tabs has chosen.

        A text that means nothing stays there as it is, so that the form says what is wrong with it.
        """
        typed = self.value.strip()
        if self.is_open and typed and self._found:
            self._choose()
        elif self.is_open and typed:
            self._take((*self._taken, typed) if self._several else (typed,))
        elif self.is_open:
            self._close()

    def show_all(self) -> None:
        """Open the list, as Space does."""
        if not self.is_open:
            self._open()

    def _open(self) -> None:
        self.is_open = True
        self.write("")
        self._sift()
        if not self._several and self._taken:
            values = [one.value for one in self._found]
            self._at = values.index(self._taken[0]) if self._taken[0] in values else 0

    def _sift(self) -> None:
        self._found, self._at = matching(self._choices, self.value), 0
        self.post_message(Relined(self))

    def _choose(self) -> None:
        if not self._found:
            return
        value = self._found[self._at].value
        if not self._several:
            self._take((value,))
        elif value in self._taken:
            self._take(tuple(one for one in self._taken if one != value))
        else:
            self._take((*self._taken, value))

    def _take(self, taken: tuple[str, ...]) -> None:
        self._taken = taken
        self._close()
        self.post_message(Edited(self))

    def _close(self) -> None:
        """Show what is taken."""
        self.is_open = False
        known = {one.value: one.said(self._lang) for one in self._choices}
        between = "、" if self._lang == "zh" else ", "
        self.write(between.join(known.get(one, one) for one in self._taken))
        self.post_message(Relined(self))
