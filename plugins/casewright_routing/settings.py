"""The words of the section `[plugin.routing]`."""

from casewright import Setting, text

SETTINGS = (
    Setting(
        name="push",
        kind="yes_no",
        default=False,
        help=text(
            "Whether waiting tickets are given to agents by themselves; otherwise agents take the next one, "
            "and casewright tells to whom it would go."
        ),
    ),
    Setting(
        name="strict",
        kind="yes_no",
        default=False,
        help=text(
            "Whether nobody may be made the handler of a ticket past their capacity or without the skill that its "
            "queue asks for, unless whoever decides it holds routing.manage."
        ),
        turns_on="may_assign",
    ),
)
