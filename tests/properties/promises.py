"""Random promises of a workflow, each with an end that can be reached, and their ladders."""

from typing import Any

from casewright.workflows.words import BUILT_IN_TEMPLATES, CHANNELS, CHOICES, PRIORITIES

from .parts import DURATIONS, Parts
from .surroundings import bilingual

REPEATED = ("4 hours", "1 day")
POINTS = ("50%", "80%", "100%", "150%", "4 hours before", "1 day after", *REPEATED)
"""Where the steps of a ladder stand, each once: nobody is told twice at one of them."""

TOLD: tuple[Any, ...] = (["handler", "owner"], "role:manager", "team_lead", "customer")


class PromisesMaker(Parts):
    """Makes promises that begin and end with what the workflow has."""

    def promises(self, data: dict[str, Any]) -> None:
        choose, names = self.choose, ["answer_due", "result_due"][: self.choose.number(1, 2)]
        data["promises"] = {
            name: self._promise(names[:index]) for index, name in enumerate(names)
        }
        ladder = {
            name: [self._ladder_step(point) for point in choose.some(POINTS, least=1, most=3)]
            for name in names
            if choose.flip(0.9)
        }
        if ladder:
            data["ladder"] = ladder

    def _promise(self, earlier: list[str]) -> dict[str, Any]:
        choose, known = self.choose, self.known
        begins = choose.one(
            ["opened", "assigned", *known.transitions, *self.skeleton.unmistakable, *earlier]
        )
        ends = choose.one(
            [
                "closed",
                ["closed"],
                ["contacted", "closed"],
                [choose.one(known.transitions), "closed"],
            ]
        )
        data: dict[str, Any] = {"from": begins, "until": ends, "within": self._within()}
        data |= self.maybe(0.5, "title", lambda: bilingual("a promise"))
        data |= self.maybe(0.5, "again", lambda: choose.one(CHOICES["again"]))
        data |= self.maybe(0.5, "recalculate", lambda: choose.one(CHOICES["recalculate"]))
        data |= self.maybe(0.5, "pauses", lambda: choose.some(known.states, least=1, most=2))
        data |= self.maybe(0.5, "calendar", lambda: "cn_shop")
        data |= self.maybe(0.5, "count", lambda: "next_day")
        if known.of("date"):
            data |= self.maybe(0.8, "due", lambda: "=fields.due_by")
        else:
            data |= self.maybe(0.3, "due", lambda: "=now")
        return data | self.maybe(0.8, "extend", self._extend)

    def _within(self) -> Any:
        choose = self.choose
        duration = choose.one(DURATIONS)
        targets = [{"within": "1 day", "when": self.condition()}, {"within": duration}]
        return choose.one(
            [
                duration,
                dict.fromkeys(PRIORITIES, duration),
                targets,
                targets,
                "=lookup('departments', 'north').within",
            ]
        )

    def _extend(self) -> dict[str, Any]:
        return {
            "granted_by": self.choose.one([["anyone", "owner"], ["owner", "role:manager"]]),
            **self.maybe(0.7, "tell", lambda: ["customer"]),
        }

    def _ladder_step(self, point: str) -> dict[str, Any]:
        choose = self.choose
        step: dict[str, Any] = {"at": point}
        if point in REPEATED:
            step = {"every": point, "times": choose.number(1, 5)}
            step |= self.maybe(
                0.7, "from", lambda: choose.one(["80%", "100%", "2 hours after"])
            )
        step |= self.maybe(0.9, "tell", lambda: choose.one(TOLD))
        if "tell" in step:
            step |= self.maybe(
                0.5, "via", lambda: choose.one(["sms", choose.some(CHANNELS, least=1)])
            )
            step |= self.maybe(0.4, "template", lambda: choose.one(BUILT_IN_TEMPLATES))
            step |= self.maybe(0.4, "taken_within", lambda: choose.one(DURATIONS))
        chance = 0.7 if "tell" in step else 1
        return step | self.maybe(
            chance, "do", lambda: self.actions.some(opening=self.children, ladder=True)
        )
