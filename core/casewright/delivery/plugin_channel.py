"""A channel whose driver a plugin brings: the plugin's `deliver` sends, and whatever it does wrong is a failed attempt."""

from collections.abc import Callable, Iterable
from typing import Any

from casewright.delivery.channel import (
    Accepted,
    Answer,
    Delivered,
    Failed,
    Outgoing,
    Rejected,
    Seen,
    Unknown,
)
from casewright.errors import PluginFailed, PluginMissing
from casewright.plugins.answers import Answers
from casewright.settings.channels import ChannelSettings

Deliver = Callable[[ChannelSettings, Outgoing], Any]


class PluginChannel:
    """One way to the outside, by a plugin; nothing comes back over it but the answer."""

    def __init__(self, settings: ChannelSettings, deliver: Deliver) -> None:
        self._settings, self._deliver = settings, deliver

    def send(self, outgoing: Outgoing) -> Answer:
        """Hand `outgoing` over; what the plugin raises is an attempt without an answer."""
        try:
            return self._taken(self._deliver(self._settings, outgoing))
        except (PluginFailed, PluginMissing) as failure:
            return Failed(reason=str(failure))

    def receipts(self) -> Iterable[Seen]:
        """Return nothing: a plugin's channel has no receipts."""
        return ()

    def close(self) -> None:
        """Keep nothing open."""

    def _taken(self, answer: Any) -> Answer:
        """Return an answer as plain values. PluginFailed."""
        answers = Answers(self._settings.plugin, "deliver")
        if type(answer) is Accepted:
            return Accepted(
                provider_ids=tuple(map(answers.text, answers.few(answer.provider_ids)))
            )
        if type(answer) is Rejected and type(answer.permanent) is bool:
            return Rejected(reason=answers.text(answer.reason), permanent=answer.permanent)
        if type(answer) is Failed:
            return Failed(reason=answers.text(answer.reason))
        if type(answer) is Unknown:
            return Unknown(detail=answers.text(answer.detail))
        if type(answer) is Delivered:
            return Delivered()
        raise answers.wrong("Accepted, Delivered, Unknown, Rejected or Failed", answer)
