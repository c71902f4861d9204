"""What plugins answer, taken over as plain values: of the right kinds, of a size that can be kept, and nobody's but ours.

To be called in the plugin's own time: what is not plain may be code of the plugin's that looks like a value.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from math import isfinite
from typing import Any, TypeVar

from casewright import compact_json
from casewright.bilingual import Bilingual
from casewright.contributions import Done
from casewright.effects import Effect, Notify, Wake
from casewright.errors import CasewrightError, JsonRefused, Message, PluginFailed, message
from casewright.plugins import wrongs
from casewright.strict_json import INTEGERS, check_text

MOST_EFFECTS = 100
"""What one plugin may ask to follow one event."""
MOST_VALUES = 500
"""Fields, comments or other values that one answer may have."""
LONGEST_TEXT = 100_000
"""Characters of one text."""
_DEEPEST = 5
_PLAIN = (bool, int, float, type(None))
_MOMENTS = (datetime, date, timedelta)

Item = TypeVar("Item")


class Answers:
    """Takes over what one call of a plugin answers; PluginFailed says which call and what is wrong."""

    def __init__(self, plugin: str, hook: str) -> None:
        self._plugin, self._hook = plugin, hook

    def sentence(self, answer: Any) -> Message:
        """Return a sentence that can be said: its values are plain, and they fill its template."""
        return self._sentence(answer, 0)

    def effects(self, answer: Any, *, ticket: str, jobs: Iterable[str]) -> list[Effect]:
        """Return what should follow: notices about `ticket`, and the plugin's own `jobs` to be woken."""
        found = self._listed(answer, "a list of Notify and Wake", MOST_EFFECTS)
        if len(found) > MOST_EFFECTS:
            raise self._failed(
                message("it asks for more than {most} effects", most=MOST_EFFECTS)
            )
        return [self._effect(one, ticket, frozenset(jobs)) for one in found]

    def done(self, answer: Any, *, ticket: str) -> Done:
        """Return what an action comes to."""
        if type(answer) is not Done:
            raise self.wrong("Done", answer)
        return Done(
            fields=self._mapped(answer.fields, self._field),
            comments=tuple(
                self.text(one)
                for one in self._few(self._listed(answer.comments, "a list of texts"))
            ),
            notices=self.notices(answer.notices, ticket=ticket),
            handler=None if answer.handler is None else self.text(answer.handler),
        )

    def texts(self, answer: Any) -> dict[str, str]:
        """Return a mapping of texts, as a command's receipt has it; none where there is no answer."""
        return {} if answer is None else self._mapped(answer, self.text)

    def notices(self, answer: Any, *, ticket: str) -> tuple[Notify, ...]:
        """Return notices about `ticket`."""
        found = self._few(self._listed(answer, "a list of Notify"))
        return tuple(self._notice(one, ticket) for one in found)

    def facts(self, answer: Any) -> dict[str, Any]:
        """Return plain data for a history, which is kept for ever."""
        found = self._mapped(answer, lambda one: self._plain(one, 0))
        if len(compact_json.encode(found)) > LONGEST_TEXT:
            reason = message("what it notes has more than {most} characters", most=LONGEST_TEXT)
            raise self._failed(reason)
        return found

    def few(self, answer: Any) -> list[Any]:
        """Return what a list has."""
        return self._few(self._listed(answer, "a list"))

    def text(self, found: Any) -> str:
        """Return a text that can be stored."""
        if type(found) is not str:
            raise self.wrong("a text", found)
        if len(found) > LONGEST_TEXT:
            raise self._failed(
                message("a text of it has more than {most} characters", most=LONGEST_TEXT)
            )
        try:
            check_text(found)
        except JsonRefused as refusal:
            raise self._failed(refusal.reason) from None
        return found

    def _sentence(self, answer: Any, depth: int) -> Message:
        if type(answer) is not Message or type(answer.text) is not str or depth > _DEEPEST:
            raise self.wrong("Message", answer)
        values = self._mapped(answer.values, lambda one: self._said(one, depth))
        found = Message(self.text(answer.text), values)
        if not wrongs.fills(found):
            reason = message("its sentence '{said}' is not filled in", said=found.text[:80])
            raise self._failed(reason)
        return found

    def _said(self, value: Any, depth: int) -> object:
        if isinstance(value, CasewrightError):
            value = Message(type(value).sentence, value.details())
        if type(value) is Message:
            return self._sentence(value, depth + 1)
        if type(value) in (list, tuple):
            return [self._said(one, depth + 1) for one in self._few(value)]
        if type(value) is Bilingual:
            return Bilingual(en=self.text(value.en), zh=self.text(value.zh))
        if type(value) in _PLAIN or type(value) in _MOMENTS:
            return value
        return self.text(value if type(value) is str else str(value)[:LONGEST_TEXT])

    def _effect(self, one: Any, ticket: str, jobs: frozenset[str]) -> Effect:
        if type(one) is Notify:
            return self._notice(one, ticket)
        if type(one) is not Wake:
            raise self.wrong("Notify or Wake", one)
        if self.text(one.job) not in jobs:
            raise self._failed(message("it has no job '{name}'", name=one.job[:40]))
        return Wake(job=one.job)

    def _notice(self, one: Any, ticket: str) -> Notify:
        if type(one) is not Notify:
            raise self.wrong("Notify", one)
        if one.ticket != ticket:
            template = "it tells of {other} where it must tell of {ticket}"
            other = str(one.ticket)[:40]
            raise self._failed(message(template, other=other, ticket=ticket))
        if one.due is not None and (type(one.due) is not datetime or one.due.tzinfo is None):
            raise self.wrong("a moment with its zone", one.due)
        return Notify(
            ticket=ticket,
            to=self.text(one.to),
            via=self.text(one.via),
            reason=self.text(one.reason),
            message=None if one.message is None else self._mapped(one.message, self.text),
            template=self.text(one.template),
            promise=self.text(one.promise),
            run=self._number(one.run),
            threshold=self.text(one.threshold),
            occurrence=self._number(one.occurrence),
            due=one.due,
            stands_for=self.text(one.stands_for),
        )

    def _number(self, found: Any) -> int:
        if type(found) is not int or found not in INTEGERS:
            raise self.wrong("a whole number", found)
        return found

    def _field(self, found: Any) -> Any:
        if type(found) in (list, tuple):
            return [self.text(one) for one in self._few(found)]
        if type(found) is int:
            return self._number(found)
        if type(found) is float and not isfinite(found):
            raise self.wrong("a number", found)
        return found if type(found) in _PLAIN else self.text(found)

    def _plain(self, found: Any, depth: int) -> Any:
        if isinstance(found, Mapping) and depth < _DEEPEST:
            return self._mapped(found, lambda one: self._plain(one, depth + 1))
        if isinstance(found, list | tuple) and depth < _DEEPEST:
            return [self._plain(one, depth + 1) for one in self._few(self._listed(found, ""))]
        return self._field(found)

    def _mapped(self, found: Any, taken: Callable[[Any], Item]) -> dict[str, Item]:
        if not isinstance(found, Mapping):
            raise self.wrong("a mapping", found)
        pairs = self._few(list(islice(found.items(), MOST_VALUES + 1)))
        return {self.text(name): taken(one) for name, one in pairs}

    def _listed(self, found: Any, wanted: str, most: int = MOST_VALUES) -> list[Any]:
        if not isinstance(found, list | tuple):
            raise self.wrong(wanted, found)
        return list(islice(found, most + 1))

    def _few(self, found: list[Any]) -> list[Any]:
        if len(found) > MOST_VALUES:
            raise self._failed(message("it answers more than {most} values", most=MOST_VALUES))
        return found

    def wrong(self, wanted: str, found: object) -> PluginFailed:
        """Return that something of another kind was answered."""
        return wrongs.answered(self._plugin, self._hook, wanted=wanted, found=found)

    def _failed(self, reason: Message) -> PluginFailed:
        return PluginFailed(plugin=self._plugin, hook=self._hook, reason=reason)
