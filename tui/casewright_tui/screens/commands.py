"""A menu of what can be done, found by name in either language, by pinyin initials, or by key; Enter does it."""

from collections.abc import Iterator

from textual.app import ComposeResult

from casewright.bilingual import Bilingual
from casewright_tui.controls import Control
from casewright_tui.messages import Run
from casewright_tui.offered import Offered
from casewright_tui.pure.pinyin import initials
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView
from casewright_tui.widgets.menu import Item, Menu


class Commands(Menu):
    """Offers what `offered` yields; whatever is chosen is done at the place beneath."""

    TITLE_TEXT = ""

    def __init__(self) -> None:
        super().__init__("", ())
        self._offered: dict[str, Offered] = {}

    def offered(self, beneath: DeskScreen) -> Iterator[Offered]:
        """Yield what can be done at the place beneath."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """Yield the line to type in and the list."""
        self.gather()
        yield from super().body()

    def titled(self) -> str:
        """Return what it is called."""
        return self.texts.text(self.TITLE_TEXT)

    @property
    def chosen(self) -> Offered | None:
        """What the cursor is on."""
        line = self.query_one("#items", LinesView).chosen
        return self._offered.get(line.id) if line is not None else None

    def gather(self) -> None:
        """Take what is offered now."""
        beneath = self.terminal.beneath(self)
        self._offered = {one.id: one for one in self.offered(beneath)}
        self._items = [self._item(one) for one in self._offered.values()]

    def _item(self, one: Offered) -> Item:
        title = one.title
        both = title if isinstance(title, Bilingual) else self.both(title)
        short = tuple(initials(text) for text in (both.zh, both.en))
        return Item(
            id=one.id,
            title=both,
            hint=" ".join(one.keys),
            also=(*one.also, *short),
            group=one.group,
        )

    def both(
        self, sentence: str, *, control: Control | None = None, **values: object
    ) -> Bilingual:
        """Return a sentence in both languages."""
        said = {}
        for texts in map(self.terminal.sitting.texts, ("en", "zh")):
            if control is not None:
                values["control"] = texts.text(control.title)
            said[texts.lang] = texts.say(sentence, **values) if values else texts.text(sentence)
        return Bilingual(**said)

    def _choose(self, id: str) -> None:
        self.post_message(Run(self._offered[id].run))
