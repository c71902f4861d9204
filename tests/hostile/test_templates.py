"""Every hostile template is refused when it is read, and each defence is needed for some of them."""

import pytest

from casewright.delivery import template_kinds, template_parts
from casewright.delivery.restricted_templates import RestrictedTemplate, compiled
from casewright.delivery.template_names import ONE_NOTICE, SEVERAL_NOTICES

DEEP = "{% if notice.number %}" * 30 + "{% endif %}" * 30
PAYLOADS = {
    "calls": [
        "{{ ticket.key.upper() }}",
        "{{ ''.join(ticket) }}",
        "{{ range(1000000000) }}",
        "{{ lipsum(n=100000) }}",
        "{{ cycler(1) }}",
        "{{ namespace() }}",
        "{{ dict(a=1) }}",
        "{{ self.__init__() }}",
        "{{ '%s'.format(ticket) }}",
        "{{ caller() }}",
    ],
    "attributes": [
        "{{ ''.__class__.__mro__ }}",
        "{{ ticket.__class__ }}",
        "{{ ticket['__class__'] }}",
        "{{ ticket['__cla' ~ 'ss__'] }}",
        "{{ ticket|attr('__class__') }}",
        "{{ notice.number.real }}",
        "{{ self._TemplateReference__context }}",
        "{{ ticket.key.__len__ }}",
        "{{ loop.index }}",
    ],
    "loops": [
        "{% for i in range(10) %}{{ i }}{% endfor %}",
        "{% for c in ticket.key %}{{ c }}{% endfor %}",
        "{% for a in ticket %}{{ a }}{% endfor %}",
        "{% for a, b in notices %}{{ a }}{% endfor %}",
        "{% for one in notices recursive %}{{ loop(notices) }}{% endfor %}",
        "{% for one in notices if one.number %}{{ one.number }}{% endfor %}",
        "{% for a in notices %}{% for b in notices %}{% for c in notices %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in notices %}{% for b in notices %}" + "{{ a.number }}" * 10 + "{% endfor %}{% endfor %}",
        "{% for one in [1, 2, 3] %}{{ one }}{% endfor %}",
        "{% for loop in notices %}x{% endfor %}",
    ],
    "growth": [
        "{{ 'a' * 2000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ ticket.key + ticket.key }}",
        "{{ [notice.number] * 1000000 }}",
        "{{ '%1000000000s' % ticket.key }}",
        "{{ " + "9" * 5_000 + " }}",
        "{{ 1 << 99 }}",
        "{{ 1e308 }}",
        "{{ " + " ~ ".join(["'x'"] * 2_500) + " }}",
        "x" * 8_001,
    ],
    "filters": [
        "{{ ticket.key|center(1000000000) }}",
        "{{ ticket.key|format }}",
        "{{ ticket.key|replace('', 'xx') }}",
        "{{ ticket|pprint }}",
        "{{ notices|map('upper') }}",
        "{{ ticket.key|safe }}",
        "{{ ticket.key|truncate(999999999) }}",
        "{{ ticket.key|truncate(notice.number) }}",
        "{{ ticket.key|truncate(length=5) }}",
        "{{ ticket.key|truncate(*notices) }}",
        "{{ ticket.key|mask|wordwrap(1) }}",
        "{% filter upper %}x{% endfilter %}",
        "{{ notice.number is divisibleby 0 }}",
    ],
    "macros": [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% call m() %}x{% endcall %}",
        "{% set a = ticket.key %}",
        "{% set a %}x{% endset %}",
        "{% with a = 1 %}{{ a }}{% endwith %}",
    ],
    "includes": [
        "{% include 'warning' %}",
        "{% import 'os' as os %}",
        "{% from 'a' import b %}",
        "{% extends 'a' %}",
        "{% block b %}x{% endblock %}",
        "{% autoescape true %}{{ ticket.key }}{% endautoescape %}",
    ],
    "nesting": [
        "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}",
        "{{ " + "not " * 1_500 + "notice.number }}",
        "{{ " + "-" * 5_000 + "1 }}",
        DEEP,
        "{{ ticket.key" + "|upper" * 200 + " }}",
    ],
    "characters": [
        "{{ '\\u202e' }}",
        "{{ '\\x00' }}",
        "{{ '\\ud800' }}",
        "{{ '\\x1b[2J' }}",
        "{{ '\\ufeff' }}",
    ],
    "names": [
        "{{ customer.phone }}",
        "{{ config }}",
        "{{ environment }}",
        "{{ ticket.fields.password }}",
        "{{ ticket }}",
        "{{ notice.due }}",
        "{{ notice.number == ticket.key }}",
        "{{ notice.number < 'a' }}",
    ],
    "no templates": ["{{ ticket.key", "{% if %}", "{% endif %}", "{{ }}", "{% debug %}"],
}  # fmt: skip
ALL = [
    pytest.param(source, id=f"{group}: {source[:40]!r}")
    for group, sources in PAYLOADS.items()
    for source in sources
]


def refused(source: str) -> bool:
    """Whether a template is refused whatever it may speak of."""
    return all(
        isinstance(compiled(source, names), list) for names in (ONE_NOTICE, SEVERAL_NOTICES)
    )


def test_there_are_enough_of_them():
    assert sum(map(len, PAYLOADS.values())) >= 39
    assert min(map(len, PAYLOADS.values())) >= 5


@pytest.mark.parametrize("source", ALL)
def test_it_is_refused_with_a_line_and_a_reason(source):
    assert refused(source)
    for names in (ONE_NOTICE, SEVERAL_NOTICES):
        found = compiled(source, names)
        assert all(1 <= fault.line <= 1 + source.count("\n") for fault in found)
        assert all(str(fault.message) for fault in found)


@pytest.mark.parametrize("name", template_parts.DEFENCES)
def test_every_defence_of_the_parts_is_needed(monkeypatch, name):
    monkeypatch.delitem(template_parts.DEFENCES, name)

    assert any(not refused(source) for sources in PAYLOADS.values() for source in sources)


def test_the_look_at_names_and_kinds_is_needed(monkeypatch):
    monkeypatch.setattr(template_kinds, "faults", lambda tree, names: [])

    assert any(not refused(source) for source in PAYLOADS["names"])


def test_the_sandbox_is_a_wall_of_its_own(monkeypatch):
    """Without any check of the tree, a dot still reads nothing but a dict's entries, and nothing is called."""
    monkeypatch.setattr(template_parts, "faults", lambda tree: [])
    monkeypatch.setattr(template_kinds, "faults", lambda tree, names: [])
    for source in ("{{ ticket.__class__ }}", "{{ ticket.key.upper() }}", "{{ range(3) }}"):
        made = compiled(source, ONE_NOTICE)
        assert isinstance(made, RestrictedTemplate)
        with pytest.raises(Exception, match=r"undefined|not safely callable|has no"):
            made.render({}, zone=None)
