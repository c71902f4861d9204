"""Opening a ticket: the workflow's own form."""

from collections.abc import Mapping, Sequence

from casewright.answers import Myself
from casewright.bilingual import Bilingual
from casewright.commands import Command, OpenTicket
from casewright.errors import Message, message
from casewright.forms.spec import Form
from casewright.model import Receipt
from casewright.workflows.spec import Workflow
from casewright_tui.errands import asking
from casewright_tui.errands.errand import Errand, Values


def opened(
    workflow: Workflow,
    forms: Mapping[str, Form],
    *,
    myself: Myself,
    customer: str | None = None,
    channel: str = "",
) -> Errand:
    """Return the errand that opens a ticket of a workflow, for a customer where one is known."""
    me = myself.person.name
    title = Bilingual(en=f"New: {workflow.title.en}", zh=f"新建{workflow.title.zh}")

    def make(values: Values) -> Sequence[Command]:
        return [
            OpenTicket(
                actor=me,
                workflow=workflow.name,
                fields=values,
                customer=customer,
                channel=channel,
            )
        ]

    return Errand(
        name=f"open:{workflow.name}",
        title=title,
        form=forms.get(workflow.form or "") or asking.form_of(workflow.name, workflow.title),
        make=make,
        about=f"open:{workflow.name}:{customer or ''}",
        done=_done,
        arrives=True,
    )


def _done(receipts: Sequence[Receipt]) -> Message:
    return message("{ticket} is opened", ticket=receipts[0].ticket)
