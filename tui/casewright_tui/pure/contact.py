"""Who calls: what was typed as a search, those whom it may mean, and what can be begun for one of them."""

import unicodedata
from collections.abc import Mapping, Sequence

from casewright.model import Customer
from casewright.texts import Texts
from casewright_tui.lines import Line, line, piece
from casewright_tui.pure.customer import CUSTOMER, called, known_by
from casewright_tui.pure.sheet import told

_KINDS: Mapping[str, str] = {
    "cust": "customer",
    "customer": "customer",
    "客户": "customer",
    "phone": "phone",
    "电话": "phone",
    "手机": "phone",
    "email": "email",
    "mail": "email",
    "邮箱": "email",
    "ref": "ticket",
    "ticket": "ticket",
    "工单": "ticket",
    "单号": "ticket",
}
"""What may stand before a colon, in either language: where to look."""


def sought(typed: str) -> tuple[str, str]:
    """Return where to look (`customer`, `phone`, `email`, `ticket`, or "" for everywhere) and what for."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    word, colon, rest = plain.partition(":")
    where = _KINDS.get(word.strip().lower(), "") if colon else ""
    return (where, rest.strip()) if where else ("", plain)


def found_lines(customers: Sequence[Customer], texts: Texts, width: int) -> list[Line]:
    """Return a line for each customer who may be meant."""
    lines: list[Line] = []
    for one in customers:
        parts = (called(one), one.tier, known_by(one, texts).replace("\n", "  "))
        lines += told("  ".join(filter(None, parts)), width, id=CUSTOMER + one.id)
    return lines or [
        line(piece(texts.text("Nobody is known by this."), "dim")),
        line(piece(texts.text("A new matter can be opened without a customer."), "dim")),
    ]
