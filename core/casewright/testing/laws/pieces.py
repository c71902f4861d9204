"""Laws about what a plugin registers: it loads, everything says what it is for, and nothing takes somebody's place."""

from collections.abc import Iterator

from casewright.cli.plugin_nouns import nouns_of
from casewright.errors import Message, message
from casewright.plugins.asking import starters_of, texts_of
from casewright.testing.laws.law import Subject


def loads(subject: Subject) -> Iterator[Message]:
    """Yield why the plugin is left out."""
    if subject.name in subject.plugins.left_out:
        yield subject.plugins.left_out[subject.name]


def offers(subject: Subject) -> Iterator[Message]:
    """Yield nothing: what is wrong with nouns, starters and texts is raised."""
    nouns_of(subject.plugins, subject.plugin)
    starters_of(subject.plugins, subject.plugin)
    texts_of(subject.plugins, subject.plugin)
    yield from ()


def described(subject: Subject) -> Iterator[Message]:
    """Yield what does not say what it is for."""
    for name, doc in _docs(subject):
        if not isinstance(doc, str) or not doc.strip():
            yield message("'{name}' does not say what it is for", name=name)


def _docs(subject: Subject) -> Iterator[tuple[str, object]]:
    plugin = subject.plugin
    yield plugin.found.package, plugin.module.__doc__
    yield from ((one.name, one.doc) for one in plugin.words)
    yield from ((one.verb, one.doc) for one in plugin.actions)
    yield from ((one.name, one.doc) for one in plugin.functions)
    yield from ((one.name, one.help) for one in plugin.options)
    yield from ((one.name, one.help) for one in plugin.channels)
    yield from (("register_forgetting", one.what) for one in plugin.forgetting)
    yield from ((one.command.__name__, _own_doc(one.command)) for one in plugin.commands)
    yield from ((one.query.__name__, _own_doc(one.query)) for one in plugin.queries)
    for noun in nouns_of(subject.plugins, plugin):
        yield noun.name, noun.help
        for verb in noun.verbs:
            yield f"{noun.name} {verb.name}", verb.help
            yield from (
                (f"{noun.name} {verb.name} {one.name}", one.help) for one in verb.options
            )


def _own_doc(kind: type) -> object:
    """Return the docstring that somebody wrote: a dataclass without one is given its signature."""
    doc = kind.__dict__.get("__doc__")
    return "" if isinstance(doc, str) and doc.startswith(f"{kind.__name__}(") else doc
