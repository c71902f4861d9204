"""One line after the other: what was typed is understood and done, until whoever sits there leaves."""

import getpass
from collections.abc import Callable, Mapping

from casewright.errors import CasewrightError, NotSignedIn, SecondFactorNeeded
from casewright.front_door import Sitting
from casewright.texts import Texts
from casewright_tui.plain.acting import Acting
from casewright_tui.plain.filling import GivenUp
from casewright_tui.plain.lists import Lists
from casewright_tui.plain.seat import Seat
from casewright_tui.plain.speech import Left, Speech
from casewright_tui.plain.words import HELP, said, word_of


def run_plainly(sitting: Sitting) -> int:
    """Read lines and do what they say until whoever sits there leaves; return the exit code."""
    texts, speech = sitting.texts(sitting.language), Speech()
    try:
        while True:
            try:
                with sitting.come_in() as came:
                    return Plain(Seat(came, texts), speech).run()
            except NotSignedIn as error:
                speech.say(texts.error(error))
                if sitting.sign_in is None:
                    return 1
                _sign_in(sitting, texts, speech)
    except Left:
        return 0


def _sign_in(sitting: Sitting, texts: Texts, speech: Speech) -> None:
    """Ask who it is; once they are known, or are refused, it is for the caller to go on."""
    assert sitting.sign_in is not None
    name = speech.heard(texts.text("Name:")) or sitting.name
    password = getpass.getpass(f"{texts.text('Password:')} ")
    try:
        sitting.sign_in(name, password, "")
    except SecondFactorNeeded:
        code = speech.heard(texts.text("Code of the authenticator:"))
        sitting.sign_in(name, password, code)


class Plain:
    """The conversation of one sitting."""

    def __init__(self, seat: Seat, speech: Speech) -> None:
        self._seat, self._speech = seat, speech
        self._lists = Lists(seat, speech)
        self._acting = Acting(seat, speech, self._lists)
        self._does: Mapping[str, Callable[[str], None]] = {
            **{one: self._lists.view(one) for one in ("list", "team", "all", "due", "free")},
            "more": self._lists.more,
            "search": self._lists.search,
            "open": self._acting.open,
            "next": self._acting.next,
            "claim": self._acting.claim,
            "actions": self._acting.actions,
            "do": self._acting.do,
            "note": self._acting.note,
            "new": self._acting.new,
            "history": self._acting.history,
            "notices": self._acting.notices,
            "take": self._acting.take,
            "refuse": self._acting.refuse,
            "help": self._help,
        }

    def run(self) -> int:
        """Greet, read the list out, and go on until somebody leaves; return the exit code."""
        texts, person = self._seat.texts, self._seat.me.person
        who = person.zh if texts.lang == "zh" else person.en
        self._speech.say(
            texts.say("{name}, this is casewright, a line at a time.", name=who),
            texts.say(
                "{help} tells what there is, {quit} leaves.",
                help=said("help", texts.lang),
                quit=said("quit", texts.lang),
            ),
        )
        self._attempt("list", "")
        while True:
            typed = self._speech.heard(self._prompt())
            word, _, rest = typed.partition(" ")
            if word_of(word) == "quit":
                return 0
            if typed:
                self._understood(word, rest.strip(), typed)

    def _prompt(self) -> str:
        return f"{self._acting.key}>" if self._acting.key else "casewright>"

    def _understood(self, word: str, rest: str, typed: str) -> None:
        meant = word_of(word)
        if meant:
            self._attempt(meant, rest)
        elif typed.isascii() and typed.isdigit():
            self._attempt("do" if self._acting.are_read else "open", typed)
        elif self._acting.is_key(typed):
            self._attempt("open", typed)
        else:
            template = "'{word}' is not understood; {help} tells what there is."
            lang = self._seat.texts.lang
            self._speech.say(self._seat.texts.say(template, word=word, help=said("help", lang)))

    def _attempt(self, word: str, rest: str) -> None:
        try:
            self._does[word](rest)
        except NotSignedIn:
            raise
        except CasewrightError as error:
            self._speech.say(self._seat.texts.error(error))
        except GivenUp:
            self._speech.say(self._seat.texts.text("Given up; nothing was done."))
        except KeyboardInterrupt:
            self._speech.say("")

    def _help(self, rest: str) -> None:
        texts = self._seat.texts
        for word, sentence in HELP.items():
            self._speech.say(f"{said(word, texts.lang)}: {texts.text(sentence)}")
