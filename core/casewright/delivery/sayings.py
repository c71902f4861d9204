"""What channels themselves say of a message that did not get through; a provider's words stay as they are."""

from casewright.errors import Message, message

OWN: dict[str, Message] = {
    one.text: one
    for one in (
        message("no answer in time"),
        message("no answer"),
        message("the line was busy"),
        message("the gateway could not be reached"),
        message("earlier messages have not come back yet"),
        message("not one e-mail address"),
        message("no template is registered for this text"),
        message("the mail server could not be reached"),
        message(
            "the line broke after the mail was sent, before the server said that it has it"
        ),
        message("it answered with a redirect, which is not followed"),
        message("its answer is not HTTP"),
        message("it could not be reached"),
        message("its host is not known"),
        message("the host's address is not public, and no 'networks' allow it"),
        message("handed over"),
        message("not handed over"),
    )
}
"""The sentences that channels use, by themselves."""
