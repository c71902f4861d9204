"""The body of a request to a gateway: placeholders filled in where values stand, never in the structure."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlencode

from casewright.delivery.channel import Outgoing
from casewright.delivery.signing import signature_of, signed
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

_PLACEHOLDER = pattern(r"\{(\w+)\}")
PLACEHOLDERS = (
    "to",
    "text",
    "key",
    "signature",
    "template_id",
    "language",
    "variables",
    "variables_json",
    "variables_list",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What an administrator wrote as the body, and how numbers and signatures go into it."""

    template: Mapping[str, object]
    form: bool
    drop_prefix: str
    signature: str

    def names(self) -> set[str]:
        """Return the placeholders that the template names, the unknown ones too."""
        return {name for text in _texts(self.template) for name in _PLACEHOLDER.findall(text)}

    def fields(self, outgoing: Outgoing) -> object:
        """Return the template with its placeholders filled in, as a value of JSON."""
        signature = signature_of(outgoing, self.signature)
        apart = "signature" in self.names()
        values: dict[str, object] = {
            "to": outgoing.address.removeprefix(self.drop_prefix),
            "text": outgoing.text if apart else signed(outgoing.text, signature),
            "key": outgoing.key,
            "signature": signature,
            "template_id": outgoing.template_id,
            "language": outgoing.language,
            "variables": dict(outgoing.variables),
            "variables_json": _json(dict(outgoing.variables)),
            "variables_list": list(outgoing.variables.values()),
        }
        return _filled(self.template, values)

    def octets(self, outgoing: Outgoing) -> bytes:
        """Return the body as it is sent."""
        fields = self.fields(outgoing)
        if not self.form:
            return _json(fields).encode()
        assert isinstance(fields, dict)
        return urlencode({name: _form_value(value) for name, value in fields.items()}).encode()


def _filled(part: object, values: Mapping[str, object]) -> object:
    if isinstance(part, Mapping):
        return {name: _filled(one, values) for name, one in part.items()}
    if isinstance(part, list):
        return [_filled(one, values) for one in part]
    if not isinstance(part, str):
        return part
    if whole := _PLACEHOLDER.fullmatch(part):
        return values[whole[1]]
    return _PLACEHOLDER.sub(_inserted(values), part)


def _inserted(values: Mapping[str, object]) -> Callable[[re.Match[str]], str]:
    return lambda found: _form_value(values[found[1]])


def _form_value(value: object) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for one in part.values():
            yield from _texts(one)
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)
