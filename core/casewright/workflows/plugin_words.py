"""Where the words and verbs of plugins may stand in a workflow file, and whether what is said with them fits."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from casewright.contributions import Vocabulary
from casewright.errors import Message, message
from casewright.forms.plain_schema import value_faults
from casewright.nearest import hint
from casewright.workflows.shape_values import Fault
from casewright.workflows.words import ACTION_MODIFIERS

MODIFIERS = ("when",)
"""What may stand beside a plugin's verb."""

Schemas = Mapping[str, Mapping[str, Any]]
_STANDS_ON = {
    "Workflow": "workflow",
    "State": "state",
    "InnerState": "state",
    "Transition": "transition",
}


def schemas(vocabulary: Vocabulary, construct: str) -> Schemas:
    """Return the JSON Schemas of what plugins add to a construct, by word; to an action they add verbs."""
    if construct == "Action":
        return {verb: action.schema for verb, (_, action) in vocabulary.actions.items()}
    place = _STANDS_ON.get(construct)
    return {
        name: word.schema for name, (_, word) in vocabulary.words.items() if place in word.on
    }


def docs(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return the line of help of every word and verb."""
    found = {name: word.doc for name, (_, word) in vocabulary.words.items()}
    return found | {verb: action.doc for verb, (_, action) in vocabulary.actions.items()}


def verbs(vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return every verb that an action may have, the core's first, and the words that go with it."""
    return {**ACTION_MODIFIERS, **dict.fromkeys(vocabulary.actions, MODIFIERS)}


def faults(schema: Mapping[str, Any], value: Any) -> Iterator[Fault]:
    """Yield all that is wrong with what is said in a plugin's word."""
    for at, reason in value_faults(schema, value):
        yield Fault(code="wrong_shape", message=reason, at=at)


def elsewhere(vocabulary: Vocabulary, word: str) -> Message | None:
    """Return where a plugin's word stands that was written in another place, or None where it is no plugin's."""
    if word in vocabulary.actions:
        plugin, _ = vocabulary.actions[word]
        template = "'{word}' of the plugin '{plugin}' is an action: it stands in 'do', 'on_enter' or 'on_exit'"
        return message(template, word=word, plugin=plugin)
    if word in vocabulary.words:
        plugin, known = vocabulary.words[word]
        places = [_PLACES[one] for one in known.on]
        template = "'{word}' of the plugin '{plugin}' stands in {places}"
        return message(template, word=word, plugin=plugin, places=places)
    return None


def meant(word: str, known: Collection[str], left_out: Collection[str]) -> Message:
    """Return the end of a sentence about an unknown word: the nearest known one, and plugins whose word it may be."""
    near = hint(word, known)
    if not left_out:
        return near
    template = "{hint}; it may be a word of a plugin that is left out: {plugins}"
    return message(template, hint=near, plugins=sorted(left_out))


_PLACES = {
    "workflow": message("the workflow"),
    "state": message("a state"),
    "transition": message("a transition"),
}
