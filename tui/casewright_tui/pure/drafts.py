"""What is kept of forms that were begun: by what it is about, and how it is told."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from casewright.commands import Command, DiscardDraft, SaveDraft
from casewright.swift_dataclass import dataclass


@dataclass(slots=True, kw_only=True)
class Unsaved:
    """The drafts that the desk has not been told of yet, the newest of each; they wait here while it is away."""

    actor: str
    _waiting: dict[str, Command] = field(default_factory=dict)

    def keep(self, about: str, ticket: str, values: Mapping[str, Any]) -> None:
        """Have a draft kept, over what was kept there."""
        self._waiting[about] = SaveDraft(
            actor=self.actor, about=about, ticket=ticket, values=dict(values)
        )

    def drop(self, about: str) -> None:
        """Have a draft kept no more."""
        self._waiting[about] = DiscardDraft(actor=self.actor, about=about)

    def next(self) -> Command | None:
        """Return what the desk is to be told next."""
        return next(iter(self._waiting.values()), None)

    def told(self, command: Command) -> None:
        """Note that the desk was told; what was typed meanwhile still waits."""
        about = getattr(command, "about", "")
        if self._waiting.get(about) is command:
            del self._waiting[about]

    def values(self, about: str) -> Mapping[str, Any] | None:
        """Return what waits to be kept there; None where nothing does, {} where it is to be dropped."""
        waiting = self._waiting.get(about)
        if waiting is None:
            return None
        return waiting.values if isinstance(waiting, SaveDraft) else {}
