"""What the words that are stored are called: priorities, contacts, links, channels, notices, stretches of time."""

from casewright.texts import text

PRIORITIES = {
    "low": text("low"),
    "normal": text("normal"),
    "high": text("high"),
    "urgent": text("urgent"),
}
CONTACTS = {
    "query": text("query"),
    "supplement": text("supplement"),
    "chase": text("chase"),
    "attempt": text("contact attempt"),
}
LINKS = {
    "related": text("related"),
    "merged": text("merged"),
    "lineage": text("same matter, another round"),
    "duplicate": text("duplicate"),
}
KINDS = {"end": text("end customer"), "client": text("client organisation")}
LEVELS = {"high": text("high"), "medium": text("medium"), "low": text("low")}
CHANNELS = {
    "call": text("call"),
    "sms": text("SMS"),
    "email": text("email"),
    "chat": text("chat"),
    "notice": text("screen"),
    "web": text("web"),
}
"""Ways between a centre and its customers and staff; others, of plugins, by their own name."""
IDENTITIES = {"phone": text("phone"), "email": text("email")}
"""What customers are known by; other kinds are the names of other systems."""
WAYS = {"in": text("incoming"), "out": text("outgoing")}
RESOLVED = {"yes": text("resolved"), "no": text("unresolved"), "unknown": ""}
NOTICE_STATES = {
    "queued": text("queued"),
    "submitted": text("submitted"),
    "accepted": text("accepted"),
    "rejected": text("rejected"),
    "unknown": text("unknown"),
    "delivered": text("delivered"),
    "seen": text("seen"),
    "taken": text("taken"),
    "refused": text("refused"),
    "expired": text("expired"),
    "dead": text("dead"),
    "cancelled": text("cancelled"),
    "held": text("held for review"),
}
STRETCHES = {
    "working": text("working time"),
    "make_up": text("make-up working day"),
    "break": text("break"),
    "closed": text("outside working hours"),
    "holiday": text("holiday"),
    "weekend": text("day off"),
}
