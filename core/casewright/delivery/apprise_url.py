"""What an administrator may write as an Apprise URL: one service of a short list, and nothing that changes how it is spoken to."""

from collections.abc import Mapping
from typing import Any

from casewright.delivery.plaintext import is_this_machine
from casewright.errors import Message, message
from casewright.nearest import hint
from casewright.patterns import pattern

MAIL = ("mailto", "mailtos")
CHAT = ("dingtalk", "feishu", "lark", "slack", "tgram", "wecombot", "workflows")
"""`tgram` is Telegram, `workflows` is Microsoft Teams."""

_ONE_URL = pattern(r"([a-z]+)://[!-+\--~]+")
_MAIL_KEYS = ("from", "name", "smtp", "mode", "user", "pass")
_CHAT_KEYS = ("secret",)


def scheme_fault(url: str, kind: str) -> Message | None:
    """Return what is wrong with a URL as it is written, before Apprise is asked; `kind` is email or chat."""
    known = MAIL if kind == "email" else CHAT
    found = _ONE_URL.fullmatch(url)
    if found is None:
        return message("'url' is one URL in plain ASCII, without blanks and commas")
    if found[1] not in known:
        near = hint(found[1], known)
        template = "'{scheme}' is no service for {kind}{hint}; there are: {known}"
        return message(template, scheme=found[1], kind=kind, hint=near, known=list(known))
    return None


def parts_fault(parts: Mapping[str, Any], *, allow_plaintext: bool) -> Message | None:
    """Return what is wrong with a URL as Apprise itself has taken it apart.

    Apprise's own reading is asked, not a second one that could differ. Its keys can redirect, attach
    files, load configurations, add recipients and headers, or switch off the check of certificates.
    """
    mail = parts["schema"] in MAIL
    allowed = _MAIL_KEYS if mail else _CHAT_KEYS
    for key in (*parts["qsd"], *parts["qsd+"], *parts["qsd-"], *parts["qsd:"]):
        if key not in allowed:
            template = "'{key}' is not allowed in this URL{hint}; allowed are: {known}"
            near = hint(key, allowed)
            return message(template, key=key, hint=near, known=list(allowed))
    if mail and parts.get("targets"):
        return message("the URL names no recipient: each message has its own")
    host = parts.get("smtp_host") or parts.get("host") or ""
    mode = parts.get("secure_mode", "")
    plain = mode == "insecure" or (parts["schema"] == "mailto" and not mode)
    if mail and plain and not allow_plaintext and not is_this_machine(host):
        template = (
            "'{host}' would be spoken to unencrypted: write mailtos://, or set allow_plaintext"
        )
        return message(template, host=host)
    return None
