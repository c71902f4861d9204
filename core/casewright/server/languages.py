"""In which language somebody is answered: by `Accept-Language`, with its weights; English where they ask for neither."""

from collections.abc import Callable, Mapping

from starlette.requests import Request

from casewright.bilingual import LANGUAGES
from casewright.patterns import pattern
from casewright.texts import Texts

_RANGE = pattern(
    r"\s*(?P<tag>[A-Za-z]{1,8}|\*)(-[A-Za-z0-9]{1,8})*\s*(;\s*q\s*=\s*(?P<weight>[01](\.[0-9]{0,3})?)\s*)?"
)
_LONGEST = 200
"""So many characters of the header are looked at."""


def chosen(header: str) -> str:
    """Return `en` or `zh`: the one of them that an `Accept-Language` header gives more weight to."""
    weights: dict[str, float] = {}
    for part in header[:_LONGEST].split(","):
        found = _RANGE.fullmatch(part)
        if found is not None:
            tag, weight = found["tag"].lower(), float(found["weight"] or 1)
            weights[tag] = max(weight, weights.get(tag, 0.0))
    anything = weights.get("*", 0.0)
    best = max(LANGUAGES, key=lambda one: weights.get(one, anything))
    return best if weights.get(best, anything) else LANGUAGES[0]


def texts_by_language(
    zone: str = "", *, more: Callable[[], Mapping[str, str]] = dict
) -> Mapping[str, Texts]:
    """Return the sentences of both languages, with moments in the site's `zone`; `more` are the plugins' Chinese."""
    return {one: Texts(one, zone, more=more) for one in LANGUAGES}


def texts_of(request: Request) -> Texts:
    """Return the sentences in the language of whoever asks."""
    application = request.scope.get("app")
    known = getattr(application.state, "texts", _PLAIN) if application is not None else _PLAIN
    found: Texts = known[chosen(request.headers.get("accept-language", ""))]
    return found


_PLAIN = texts_by_language()
