"""What may be odd about something that came in, by the name under which it is kept, and as people read it."""

from collections.abc import Mapping

from casewright.errors import Message, message

REMARKS: Mapping[str, Message] = {
    "unreadable": message("it could not be read; it is kept as it came"),
    "too_large": message("it is larger than is read; it is kept as it came"),
    "broken_mime": message("its parts are not put together as they should be"),
    "unknown_charset": message("its characters are not those that it names; they were guessed"),
    "too_many_parts": message(
        "it has more parts than are read; the rest is only in it as it came"
    ),
    "too_deep": message("its parts are nested more deeply than is read"),
    "attachment_too_large": message(
        "a file in it is larger than is taken; it is only in it as it came"
    ),
    "too_many_attachments": message(
        "it has more files than are taken; the rest is only in it as it came"
    ),
    "cut": message("what it quotes was left out of the text"),
    "shortened": message("it was longer than the form takes; the whole is in a comment"),
    "no_sender": message("it names no sender"),
    "several_senders": message("several customers are known by this sender"),
    "stranger": message("it names a ticket of somebody else"),
    "our_own": message("it came from an address of our own"),
    "came_back": message("it is a mail of ours that came back"),
    "automatic": message("a machine wrote it"),
    "too_many": message("more came from this sender within an hour than is taken"),
    "not_delivered": message("it says that a mail of ours was not delivered"),
    "bounce_of_nothing": message("it says that a mail was not delivered which we did not send"),
    "several_tickets": message("it may belong to several tickets"),
    "unmapped": message("the map of its channel finds nothing in it"),
    "no_such_ticket": message("it names a ticket that is not there"),
}
