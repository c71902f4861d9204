"""What keys do: one table of controls, each with the keys that need no letters, its letters, and its full-width aliases.

Only a ticket's own actions stand elsewhere: their keys are the workflow's (see `screens.ticket`).
"""

import unicodedata
from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS

from casewright.swift_dataclass import dataclass
from casewright.texts import text

EVERYWHERE = "everywhere"
BANNED = frozenset({
    "ctrl+space", "shift+space", "ctrl+full_stop", "ctrl+b", "ctrl+a", "f10", "f11", "f12", "ctrl+z",
    "ctrl+j", "ctrl+m", "ctrl+i", "ctrl+h",
})  # fmt: skip
"""Keys that input methods, terminals or terminal multiplexers take for themselves, or that are other keys in disguise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something that keys do at one `place`, or everywhere.

    `keys` need no letter typed alone, `letters` are the same for those who like it shorter. `hint` is how early the hint
    bar names it (1 before 2; 0: never); `action` is the method that does it, `action_` and this.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    letters: tuple[str, ...] = ()
    hint: int = 0
    priority: bool = False

    @property
    def place(self) -> str:
        """Where it can be done."""
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        """The name of the action."""
        return self.id.partition(".")[2]


CONTROLS: tuple[Control, ...] = (
    Control(id="everywhere.help", title=text("Help"), keys=("f1", "question_mark"), hint=1),
    Control(id="everywhere.palette", title=text("All commands"), keys=("f4", "ctrl+p", "colon"), hint=8),
    Control(id="everywhere.refresh", title=text("Refresh"), keys=("f5",), letters=("r",)),
    Control(id="everywhere.back", title=text("Back"), keys=("escape",), hint=9),
    Control(id="everywhere.contact", title=text("New contact"), keys=("plus",), letters=("o",)),
    Control(id="everywhere.notices", title=text("Notices"), keys=("exclamation_mark",), letters=("i",)),
    Control(id="everywhere.wallboard", title=text("Wallboard"), keys=("equals_sign",), letters=("b",)),
    Control(id="everywhere.people", title=text("People and their work"), keys=("at",)),
    Control(id="everywhere.workflows", title=text("Workflows"), keys=("percent_sign",)),
    Control(id="everywhere.search", title=text("Search"), keys=("ctrl+f",)),
    Control(id="everywhere.undo", title=text("Undo"), keys=("ctrl+u",), letters=("u",)),
    Control(id="everywhere.record", title=text("Record a macro"), keys=("ctrl+r",)),
    Control(id="everywhere.replay", title=text("Play a macro"), keys=("ctrl+e",)),
    Control(id="everywhere.said", title=text("Messages so far"), keys=("ctrl+l",)),
    Control(id="everywhere.settings", title=text("Settings"), keys=("ctrl+t",)),
    Control(id="everywhere.lock", title=text("Lock"), keys=("ctrl+k",)),
    Control(id="everywhere.quit", title=text("Leave"), keys=("ctrl+q",)),
    Control(id="queue.open", title=text("Open"), keys=("enter",), hint=2),
    Control(id="queue.mark", title=text("Mark"), keys=("space",), hint=3),
    Control(id="queue.actions", title=text("Actions"), keys=("f2",), letters=("a",), hint=4),
    Control(id="queue.filter", title=text("Filter"), keys=("f3", "slash"), hint=5),
    Control(id="queue.claim", title=text("Next ticket"), keys=("f9",), letters=("c",), hint=6),
    Control(id="queue.note", title=text("Note"), keys=("f7",), letters=("n",), hint=11),
    Control(id="queue.views", title=text("Views"), keys=("0",), letters=("v",), hint=7),
    Control(id="queue.mark_all", title=text("Mark all"), keys=("asterisk",)),
    Control(id="queue.sort", title=text("Order"), keys=("comma",), letters=("s",)),
    Control(id="queue.freeze", title=text("Hold still"), keys=("full_stop",), letters=("p",)),
    Control(id="queue.copy", title=text("Copy"), keys=("ctrl+y",), letters=("y",)),
    Control(id="queue.next_pane", title=text("Next pane"), keys=("f6", "tab")),
    Control(id="contact.actions", title=text("Actions"), keys=("f2",), hint=2),
    Control(id="contact.new", title=text("New matter"), keys=("f6",), hint=3),
    Control(id="contact.note", title=text("Log the contact"), keys=("f7",), hint=4),
    Control(id="customer.actions", title=text("Actions"), keys=("f2",), hint=2),
    Control(id="customer.new", title=text("New matter"), keys=("f6",), hint=3),
    Control(id="customer.note", title=text("Log the contact"), keys=("f7",), hint=4),
    Control(id="ledger.every", title=text("Every interval"), keys=("f3", "slash"), hint=2),
    Control(id="workflow.every", title=text("All ways"), keys=("f3", "slash"), hint=2),
    Control(id="ticket.actions", title=text("Actions"), keys=("f2",), hint=2),
    Control(id="ticket.filter", title=text("Filter"), keys=("f3", "slash"), hint=7),
    Control(id="ticket.next_pane", title=text("Next pane"), keys=("f6", "tab"), hint=6),
    Control(id="ticket.note", title=text("Note"), keys=("f7",), hint=3),
    Control(id="ticket.claim", title=text("Next ticket"), keys=("f9",), hint=10),
    Control(id="ticket.next", title=text("Next"), keys=("right_square_bracket", "ctrl+pagedown"), hint=4),
    Control(id="ticket.before", title=text("Before"), keys=("left_square_bracket", "ctrl+pageup"), hint=5),
    Control(id="ticket.maximise", title=text("Whole screen"), keys=("backslash",)),
    Control(id="ticket.workflow", title=text("Workflow"), keys=("percent_sign",)),
    Control(id="ticket.copy", title=text("Copy"), keys=("ctrl+y",)),
    Control(id="form.submit", title=text("Submit"), keys=("f8", "ctrl+s"), hint=2, priority=True),
    Control(id="form.ahead", title=text("What will happen"), keys=("f6",), hint=3),
    Control(id="form.checked", title=text("Identity checked: submit"), keys=("ctrl+y",), hint=4, priority=True),
    Control(id="form.template", title=text("Template"), keys=("ctrl+t",), hint=5),
    Control(id="form.unfold", title=text("More fields"), keys=("ctrl+o",)),
    Control(id="form.anew", title=text("Start anew"), keys=("ctrl+x",), priority=True),
    Control(id="conflict.take", title=text("Take it anew"), keys=("f8", "ctrl+s"), hint=2, priority=True),
    Control(id="conflict.drop", title=text("Drop mine"), keys=("ctrl+x",), hint=4),
    Control(id="drafts.drop", title=text("Drop the draft"), keys=("ctrl+x",), hint=3),
    Control(id="notices.open", title=text("Open the ticket"), keys=("enter",), hint=2),
    Control(id="notices.mark", title=text("Mark"), keys=("space",), hint=6),
    Control(id="notices.take", title=text("Take"), keys=("f9",), letters=("t",), hint=3),
    Control(id="notices.refuse", title=text("Refuse"), keys=("minus",), letters=("x",), hint=4),
    Control(id="notices.supervise", title=text("Supervise"), keys=("ctrl+d",), letters=("s",), hint=5),
    Control(id="notices.publish", title=text("Announce"), keys=("ctrl+n",), letters=("n",), hint=10),
    Control(id="notices.next_tab", title=text("Next tab"), keys=("f6", "tab"), hint=7),
    Control(id="notices.mark_all", title=text("Mark all"), keys=("asterisk",)),
    Control(id="announcement.read", title=text("I have read it"), keys=("enter",), hint=2, priority=True),
    Control(id="announcement.readers", title=text("Who has read it"), keys=("f6", "tab"), hint=3),
    Control(id="announcement.withdraw", title=text("Take it back"), keys=("ctrl+x",), hint=4),
    Control(id="wallboard.drill", title=text("Show these"), keys=("enter",), hint=2),
    Control(id="wallboard.freeze", title=text("Hold still"), keys=("full_stop",), letters=("p",), hint=3),
    Control(id="wallboard.filter", title=text("Workflow"), keys=("f3", "slash"), hint=4),
    Control(id="people.open", title=text("Their tickets"), keys=("enter",), hint=2),
    Control(id="people.mark", title=text("Mark"), keys=("space",), hint=4),
    Control(id="people.assign", title=text("Give to"), keys=("f9",), letters=("a",), hint=3),
    Control(id="people.balance", title=text("Spread over the team"), keys=("ctrl+d",), letters=("s",), hint=5),
    Control(id="people.ill", title=text("Is ill"), keys=("minus",), letters=("x",), hint=6),
    Control(id="people.filter", title=text("Find"), keys=("f3", "slash"), hint=7),
    Control(id="people.next_pane", title=text("Next pane"), keys=("f6", "tab"), hint=8),
    Control(id="people.mark_all", title=text("Mark those due"), keys=("asterisk",), hint=9),
    Control(id="workflows.open", title=text("Open"), keys=("enter",), hint=2),
    Control(id="workflows.diagram", title=text("Diagram"), keys=("ctrl+d",), letters=("w",), hint=3),
    Control(id="workflows.next_pane", title=text("Next pane"), keys=("f6", "tab"), hint=4),
    Control(id="file.next_pane", title=text("Changes in words"), keys=("f6", "tab"), hint=2),
    Control(id="file.next", title=text("Next problem"), keys=("right_square_bracket", "enter"), hint=3),
    Control(id="file.before", title=text("Problem before"), keys=("left_square_bracket",), hint=4),
    Control(id="publication.approve", title=text("Approve"), keys=("f9",), hint=2),
    Control(id="publication.refuse", title=text("Refuse"), keys=("minus",), letters=("x",), hint=3),
    Control(id="letters.open", title=text("Open the ticket"), keys=("enter",), hint=2),
    Control(id="letters.mark", title=text("Mark"), keys=("space",), hint=4),
    Control(id="letters.again", title=text("Try again"), keys=("f9",), letters=("t",), hint=3),
    Control(id="letters.next_tab", title=text("Next tab"), keys=("f6", "tab"), hint=5),
    Control(id="letters.mark_all", title=text("Mark all"), keys=("asterisk",), hint=6),
    Control(id="access.open", title=text("Open"), keys=("enter",), hint=2),
    Control(id="access.filter", title=text("Of whom"), keys=("f3", "slash"), hint=3),
    Control(id="access.older", title=text("Older ones"), keys=("ctrl+pagedown",), hint=4),
    Control(id="access.next_pane", title=text("Next pane"), keys=("f6", "tab")),
    Control(id="audit.open", title=text("Open the ticket"), keys=("enter",), hint=3, priority=True),
    Control(id="audit.verify", title=text("Verify now"), keys=("f9",), letters=("v",), hint=2),
    Control(id="panel.freeze", title=text("Hold still"), keys=("full_stop",), letters=("p",), hint=2),
)  # fmt: skip
"""Every control there is, the more important ones first within a place."""


def bindings(*places: str, letters: bool = True) -> list[Binding]:
    """Return the bindings of the controls of these places, full-width aliases among their keys.

    Without `letters` only those keys that need none: where letters are something else, such as a ticket's own actions.
    """
    return [
        Binding(
            ",".join(with_full_width((*one.keys, *(one.letters if letters else ())))),
            one.action,
            one.title,
            id=one.id,
            show=False,
            priority=one.priority,
        )
        for one in CONTROLS
        if one.place in places
    ]


def at(place: str) -> Iterator[Control]:
    """Yield the controls of a place and then those of everywhere that it does not have itself."""
    own = [one for one in CONTROLS if one.place == place]
    yield from own
    if place == EVERYWHERE:
        return
    taken = {one.action for one in own}
    keys = {key for one in own for key in one.keys}
    for one in CONTROLS:
        if (
            one.place == EVERYWHERE
            and one.action not in taken
            and not keys.issuperset(one.keys)
        ):
            yield one


def with_full_width(keys: tuple[str, ...]) -> list[str]:
    """Return keys with what an input method sends for them while it is on, such as `fullwidth_question_mark`."""
    found = list(keys)
    for key in keys:
        character = _CHARACTERS.get(key, key)
        if len(character) == 1 and "!" <= character <= "~":
            wide = unicodedata.name(chr(ord(character) + _TO_FULL_WIDTH))
            found.append(wide.lower().replace("-", "_").replace(" ", "_"))
        found += _ALSO.get(key, ())
    return list(dict.fromkeys(found))


_TO_FULL_WIDTH = 0xFEE0
_CHARACTERS: Mapping[str, str] = {
    KEY_NAME_REPLACEMENTS.get(name, name): chr(code)
    for code in range(0x21, 0x7F)
    if not chr(code).isalnum()
    for name in [unicodedata.name(chr(code)).lower().replace("-", "_").replace(" ", "_")]
}
_ALSO: Mapping[str, tuple[str, ...]] = {
    "slash": ("ideographic_comma",),
    "full_stop": ("ideographic_full_stop",),
    "left_square_bracket": ("left_black_lenticular_bracket",),
    "right_square_bracket": ("right_black_lenticular_bracket",),
}
"""What Chinese input methods send for a key besides its full-width form."""
