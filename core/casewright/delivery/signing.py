"""The name that signs an SMS: before the text, as Chinese gateways ask for it."""

from casewright.delivery.channel import Outgoing


def signature_of(outgoing: Outgoing, otherwise: str) -> str:
    """Return who signs: the template's own signature, else the channel's."""
    return (outgoing.signature or otherwise).strip("【】")


def signed(text: str, signature: str) -> str:
    """Return `text` as its reader sees it, with 【signature】 before it unless there is none."""
    return f"【{signature}】{text}" if signature else text
