"""What can be begun for a customer: a new matter of any workflow, the matter that comes back, a contact about no matter."""

from collections.abc import Sequence

from casewright.answers import Myself
from casewright.bilingual import Bilingual
from casewright.commands import Command, LogContact
from casewright.errors import Message, message
from casewright.model import Receipt
from casewright_tui.errands import asking
from casewright_tui.errands.contacts import CHANNELS
from casewright_tui.errands.errand import Errand, Values

_RESOLVED = {
    "yes": Bilingual(en="Resolved", zh="已解决"),
    "no": Bilingual(en="Unresolved", zh="未解决"),
    "unknown": Bilingual(en="Not known", zh="不确定"),
}


def log_contact(customer: str, myself: Myself) -> Errand:
    """Return the errand that notes a contact that is about no matter."""
    title = Bilingual(en="Log the contact", zh="登记联络")
    me = myself.person.name

    def make(values: Values) -> Sequence[Command]:
        return [
            LogContact(
                actor=me, customer=customer, channel=values["channel"],
                summary=values.get("summary", ""), resolved=values["resolved"],
            )
        ]  # fmt: skip

    form = asking.form_of(
        "log_contact",
        title,
        asking.asked("summary", "What it was about", "沟通内容", required=True),
        asking.asked(
            "resolved", "Resolved", "是否解决", choices=_RESOLVED, required=True, default="yes"
        ),
        asking.asked(
            "channel", "Channel", "渠道", choices=CHANNELS, required=True, default="call"
        ),
    )
    return Errand(
        name="log_contact", title=title, form=form, make=make, about=f"log:{customer}",
        group="contact", done=_logged,
    )  # fmt: skip


def _logged(receipts: Sequence[Receipt]) -> Message:
    return message("the contact is noted")
