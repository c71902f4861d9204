"""What is told of a verification: its verdict in a sentence, what is sealed and what is not, and the same for programs."""

from collections.abc import Iterator

from casewright.answers import Broken, Verification
from casewright.texts import Texts, text


def verification_document(found: Verification, texts: Texts) -> dict[str, object]:
    """Return the agreed keys; the ticket of `first_broken` is null where it is a link of another chain."""
    broken = found.first_broken
    return {
        "ok": found.ok,
        "tickets": found.tickets,
        "events": found.events,
        "commands": found.commands,
        "looks": found.looks,
        "checkpoints": found.checkpoints,
        "sealed_at": None if found.sealed_at is None else found.sealed_at.isoformat(),
        "unsealed": found.unsealed,
        "first_broken": broken and _broken_document(broken, texts),
        "remarks": [texts.render(one) for one in found.remarks],
    }


def _broken_document(broken: Broken, texts: Texts) -> dict[str, object]:
    return {
        "ticket": broken.ticket or None,
        "sequence": broken.sequence,
        "chain": broken.chain or ("event" if broken.ticket else "command"),
        "reason": texts.render(broken.reason),
    }


def proof(found: Verification, texts: Texts) -> Iterator[str]:
    """Yield the verdict, what the checkpoints prove and what they do not, and what to do about it."""
    yield verdict(found, texts)
    if found.sealed_at is not None:
        yield texts.say(
            "Checkpoints: {count}, the last one of {at}; events after it, chained but not sealed: {unsealed}.",
            count=found.checkpoints,
            at=found.sealed_at,
            unsealed=found.unsealed,
        )
    for remark in found.remarks:
        yield texts.say("Note: {remark}.", remark=remark)


def verdict(found: Verification, texts: Texts) -> str:
    """Return the outcome in a sentence."""
    broken = found.first_broken
    if broken is None:
        return texts.say(
            "The histories are as they were written (tickets: {tickets}, events: {events},"
            " commands about no ticket: {commands}).",
            events=found.events,
            tickets=found.tickets,
            commands=found.commands,
        )
    if broken.ticket:
        return texts.say(
            "{ticket}: event {sequence} is not as it was written: {reason}.",
            ticket=broken.ticket,
            sequence=broken.sequence,
            reason=broken.reason,
        )
    said = _OF_CHAIN.get(broken.chain, _OF_CHAIN["command"])
    return texts.say(said, number=broken.sequence, reason=broken.reason)


_OF_CHAIN = {
    "command": text(
        "Command {number} of those about no ticket is not as it was written: {reason}."
    ),
    "access": text("Row {number} of the access log is not as it was written: {reason}."),
    "checkpoint": text("Checkpoint {number} does not hold: {reason}."),
}
