"""Which phone numbers, email addresses and chat addresses casewright writes to, as they must be written; what people type."""

import unicodedata

from casewright.errors import Message, message
from casewright.patterns import pattern

LONGEST_EMAIL = 254
LONGEST_CHAT = 200
_PHONE = pattern(r"\+[1-9][0-9]{6,14}")
_FILLING = pattern(r"[\s().\-\u2010-\u2015\u2212]")
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = pattern(rf"(?=.{{1,64}}@){_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})*")


def phone_fault(phone: str) -> Message | None:
    """Return what keeps `phone` from being a number in E.164, or None when nothing does."""
    if _PHONE.fullmatch(phone):
        return None
    return message(
        "'{phone}' is not an international number such as +8613800000000: '+', the country, "
        "and digits without blanks, 15 at most",
        phone=phone,
    )


def typed_phone_fault(phone: str) -> Message | None:
    """Return what keeps a number that people typed from being one, or None when it could be read in full."""
    if _PHONE.fullmatch(phone):
        return None
    return message(
        "'{phone}' is no phone number: write 139 0000 0000, or +852 2888 8888 for one abroad",
        phone=phone,
    )


def email_fault(email: str) -> Message | None:
    """Return what keeps `email` from being one address and nothing else, or None when nothing does."""
    if len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email):
        return None
    return message("'{email}' is not one email address such as ana@example.org", email=email)


def chat_fault(chat: str) -> Message | None:
    """Return what keeps `chat` from being an address in a chat, or None when nothing does."""
    if 0 < len(chat) <= LONGEST_CHAT and chat.isprintable() and " " not in chat:
        return None
    return message(
        "'{chat}' is no address in a chat: 1 to {limit} printable characters without blanks",
        chat=chat,
        limit=LONGEST_CHAT,
    )


def phones_meant(written: str, country_code: str) -> tuple[str, ...]:
    """Return the E.164 numbers that a number may mean as people type it, the likeliest first; () for what is none.

    Blanks, hyphens, dots and brackets are left out. Without `+` or `00` the country's code is put before it, in the
    place of a leading 0, and it is also read as having its code already.
    """
    digits = _FILLING.sub("", unicodedata.normalize("NFKC", written))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    whole = digits.startswith("+")
    meant = (digits,) if whole else (f"+{country_code}{digits.removeprefix('0')}", f"+{digits}")
    return tuple(one for one in meant if _PHONE.fullmatch(one))
