"""What every ticket has beside its workflow's actions is said in the same way: one command made of the values of a small form."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casewright.bilingual import Bilingual
from casewright.commands import Command
from casewright.errors import Message
from casewright.forms.spec import Field
from casewright.model import Receipt
from casewright_tui.errands import asking
from casewright_tui.errands.errand import Errand, Offer, Values

Say = Callable[[str, Values], Sequence[Command]]
"""From a ticket's key and the values to commands."""


def errand(
    name: str,
    en: str,
    zh: str,
    say: Say,
    *fields: Field,
    tickets: Sequence[str],
    done: Message | None = None,
    **more: Any,
) -> Errand:
    """Return an errand about one or several tickets; of each it says the same."""
    title = Bilingual(en=en, zh=zh)

    def make(values: Values) -> Sequence[Command]:
        return [command for key in tickets for command in say(key, values)]

    def told(receipts: Sequence[Receipt]) -> Message:
        assert done is not None
        return done

    return Errand(
        name=name,
        title=title,
        form=asking.form_of(name, title, *fields),
        make=make,
        about=f"{name}:{tickets[0]}" if len(tickets) == 1 else "",
        tickets=tuple(tickets),
        done=told if done is not None else None,
        **more,
    )


Offers = Mapping[str, Offer]
