"""How a webhook is signed, as Standard Webhooks has it: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in Base64."""

import hashlib
import hmac
from base64 import b64decode, b64encode

ID, AT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
"""The headers: the event's own id, the moment of the attempt in seconds since 1970 UTC, and the signature."""
SHORTEST_SECRET = 16


def key_of(secret: bytes) -> bytes:
    """Return the key that signs: a secret that begins with `whsec_` holds it in Base64, any other is it; ValueError."""
    if secret.startswith(b"whsec_"):
        return b64decode(secret.removeprefix(b"whsec_"), validate=True)
    return secret


def signature(key: bytes, id: str, at: int, body: bytes) -> str:
    """Return what stands in the header of a body that is sent at a moment."""
    content = f"{id}.{at}.".encode() + body
    return "v1," + b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
