"""The one door to the languages of the product: every sentence for people is rendered here.

Catalogues are gettext's: `locale/zh/LC_MESSAGES/casewright.po`, compiled by `make messages`. English is the
language the code is written in and needs none.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from casewright.bilingual import Bilingual
from casewright.durations import Duration, told
from casewright.errors import CasewrightError, Message
from casewright.patterns import pattern

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

CATALOGUES = Path(__file__).parent / "locale"


def language(
    name: str | None = None,
    *,
    workspace: str = "",
    environment: Mapping[str, str] | None = None,
) -> str:
    """Return `en` or `zh`: the one named, else CASEWRIGHT_LANG's, the workspace's, the locale's."""
    surroundings = os.environ if environment is None else environment
    locale = next(filter(None, map(surroundings.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    chosen = name or surroundings.get("CASEWRIGHT_LANG") or workspace or locale
    return "zh" if chosen.lower().startswith("zh") else "en"


def text(english: str) -> str:
    """Return `english` as it is, marked for the catalogues; `Texts.text` renders it later."""
    return english


class Texts:
    """Sentences in one language; moments in the site's `zone`, or the machine's where none is named.

    `more` gives the Chinese of sentences that the catalogue does not have, such as those of plugins; it is
    asked at the first of them.
    """

    def __init__(
        self, lang: str, zone: str = "", *, more: Callable[[], Mapping[str, str]] = dict
    ) -> None:
        self.lang, self.zone = lang, zone
        self._catalogue = _catalogue(lang)
        self._more = more

    def in_zone(self, zone: str) -> "Texts":
        """Return these texts with moments in another zone."""
        return Texts(self.lang, zone, more=lambda: self._further)

    def text(self, english: str) -> str:
        """Return a fixed text in this language."""
        if not english or self.lang == "en":
            return english
        return self._catalogue.gettext(english) or self._further.get(english, english)

    def say(self, template: str, **values: object) -> str:
        """Return a sentence in this language from a template and what fills it."""
        shown = {name: self.value(one) for name, one in values.items()}
        written = self.text(template)
        return _set_close(written, shown) if self.lang == "zh" else _counted(written, shown)

    def render(self, message: Message) -> str:
        """Return `message` in this language, the messages inside it as well."""
        return self.say(message.text, **message.values)

    def error(self, error: CasewrightError) -> str:
        """Return the error's sentence in this language."""
        sentence = self.say(error.sentence, **error.details())
        # A reason may end with a question ("did you mean ...?"), which needs no full stop behind it.
        return sentence[:-1] if sentence.endswith(("?.", "？。")) else sentence

    def value(self, value: object) -> object:
        """Return what a template shows for `value`: messages and bilingual texts in this language."""
        if isinstance(value, Message):
            return self.render(value)
        if isinstance(value, Bilingual):
            return value.of(self.lang)
        if isinstance(value, CasewrightError):
            return self.error(value)
        if isinstance(value, Duration):
            return self.render(told(value))
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, list | tuple | set | frozenset):
            ordered = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return self.listing(str(self.value(one)) for one in ordered)
        return value

    def moment(self, moment: datetime) -> str:
        """Return a moment as people here write it: the site's time, to the minute."""
        return moment.astimezone(self.timezone).strftime("%Y-%m-%d %H:%M")

    @cached_property
    def _further(self) -> Mapping[str, str]:
        return self._more()

    @property
    def timezone(self) -> "ZoneInfo | None":
        """The site's zone; None is the machine's."""
        return _zone(self.zone) if self.zone else None

    def listing(self, items: object) -> str:
        """Return items after each other, with this language's comma."""
        return ("、" if self.lang == "zh" else ", ").join(map(str, items))  # type: ignore[call-overload]


@cache
def _zone(name: str) -> "ZoneInfo":
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _counted(template: str, values: Mapping[str, object]) -> str:
    """Fill an English template; what is counted in it, as in `{count} row(s) are written`, is one or several."""

    def agreed(found: re.Match[str]) -> str:
        one = str(values.get(found["count"])) == "1"
        verb = found["verb"] or ""
        return f"{found['until']}{'' if one else 's'}{_OF_ONE[verb] if one else verb}"

    if "(s)" in template:
        template = _SEVERAL.sub(agreed, template)
    return template.format(**values)


_OF_ONE = {"": "", " are": " is", " were": " was", " come": " comes", " begin": " begins"}
_SEVERAL = pattern(
    r"(?P<until>\{(?P<count>\w+)\}(?: [\w-]+)+)\(s\)(?P<verb> (?:are|were|come|begin)\b)?"
)


def _set_close(template: str, values: Mapping[str, object]) -> str:
    """Fill a Chinese template, whose blanks around a value are for digits and Latin letters only."""
    filled, ends_chinese = "", False
    for literal, name, spec, conversion in Formatter().parse(template):
        if ends_chinese and _BLANK_CHINESE.match(literal):
            literal = literal[1:]
        filled += literal
        if name is None:
            continue
        field = (
            f"{{{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}}}"
        )
        value = field.format(**values)
        if _CHINESE_BLANK.search(literal) and _CHINESE.match(value):
            filled = filled[:-1]
        filled += value
        ends_chinese = bool(_CHINESE.match(value[-1:]))
    return filled


_CHINESE = pattern("[\u3000-\u303f\u3400-\u9fff\uff00-\uff60]")
_CHINESE_BLANK = pattern("[\u3400-\u9fff] $")
_BLANK_CHINESE = pattern(" [\u3400-\u9fff]")


@cache
def _catalogue(lang: str) -> NullTranslations:
    path = CATALOGUES / lang / "LC_MESSAGES" / "casewright.mo"
    if lang == "en":
        return NullTranslations()
    with path.open("rb") as file:
        found = GNUTranslations(file)
    found.add_fallback(_Unknown())
    return found


class _Unknown(NullTranslations):
    """What a catalogue falls back on: nothing, so that a sentence it does not have can be told from one it has."""

    def gettext(self, message: str) -> str:
        """Return the empty text."""
        return ""
