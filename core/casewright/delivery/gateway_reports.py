"""What a gateway posts later: its receipts and replies, read as the channel's settings say."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from casewright import strict_json
from casewright.delivery.channel import ReceiptSeen, ReplySeen
from casewright.delivery.gateway_answer import found_at, part_at
from casewright.delivery.receipts import gateway_state, unambiguous
from casewright.errors import ReportRefused, message
from casewright.settings.channels import ChannelSettings

DRIVER = "http"
"""The driver whose receipts and replies are posted; the others fetch theirs."""

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100


def receipts_from(
    octets: bytes, kind: str, settings: ChannelSettings
) -> tuple[ReceiptSeen, ...]:
    """Return the receipts in a body of the media type `kind`; raise a refusal when it has none."""
    return tuple(_receipts(_items(octets, kind, settings), settings))


def replies_from(octets: bytes, kind: str, settings: ChannelSettings) -> tuple[ReplySeen, ...]:
    """Return the replies in a body of the media type `kind`; raise a refusal when it has none."""
    return tuple(_reply(item, settings) for item in _items(octets, kind, settings))


def _receipts(items: list[object], settings: ChannelSettings) -> Iterator[ReceiptSeen]:
    delivered, pending = (
        frozenset(word.strip() for word in settings.text(name).split(","))
        for name in ("receipt_delivered", "receipt_pending")
    )
    for item in items:
        id, word = (
            _needed(item, settings.text(name)) for name in ("receipt_id", "receipt_state")
        )
        state = gateway_state(word, delivered=delivered, pending=pending)
        if state is not None:
            told = found_at(item, settings.text("receipt_time")) or ""
            at = unambiguous(told)
            yield ReceiptSeen(
                channel=settings.name, provider_id=id, state=state, at=at, detail=word
            )


def _reply(item: object, settings: ChannelSettings) -> ReplySeen:
    sender = _needed(item, settings.text("reply_from"))
    return ReplySeen(
        channel=settings.name,
        sender=sender if sender.startswith("+") else settings.text("reply_prefix") + sender,
        text=_needed(item, settings.text("reply_text")),
        provider_id=found_at(item, settings.text("reply_id")) or "",
    )


def _items(octets: bytes, kind: str, settings: ChannelSettings) -> list[object]:
    value = _form(octets) if kind == _FORM else strict_json.loads(octets, file="body")
    path = settings.text("receipt_list")
    if path and isinstance(value, Mapping):
        value = part_at(value, path)
        if not isinstance(value, list):
            raise ReportRefused(field=path, reason=message("there is no list there"))
    return value if isinstance(value, list) else [value]


def _form(octets: bytes) -> dict[str, object]:
    try:
        pairs = parse_qsl(octets.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        reason = message("it is not a form in UTF-8 with at most 100 fields")
        raise ReportRefused(field="body", reason=reason) from None
    return dict(pairs)


def _needed(item: object, path: str) -> str:
    found = found_at(item, path)
    if not found or "\0" in found:
        raise ReportRefused(field=path, reason=message("it is missing"))
    return found
