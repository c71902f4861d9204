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
        message("handed over"),
        message("not handed over"),
    )
}
"""The sentences that channels use, by themselves."""
