"""How long a closed ticket keeps what is personal in it: years, months or days of the calendar, as in `3 years`."""

from datetime import datetime, timedelta

from casewright.errors import Message, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

PATTERN = r"^[1-9][0-9]* *((day|month|year)s?)$"
LONGEST_YEARS = 100
_SHAPE = pattern(r"(?P<amount>[0-9]{1,6}) *(?P<unit>[a-zA-Z]+)")
_UNITS = {
    "day": "days",
    "days": "days",
    "month": "months",
    "months": "months",
    "year": "years",
    "years": "years",
}
_MOST = {"days": LONGEST_YEARS * 366, "months": LONGEST_YEARS * 12, "years": LONGEST_YEARS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """An amount of `days`, `months` or `years`."""

    amount: int
    unit: str

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"

    def since(self, moment: datetime) -> datetime:
        """Return what lies so long before a moment; the last day of a month stands for one that it does not have."""
        if self.unit == "days":
            return moment - timedelta(days=self.amount)
        from calendar import (
            monthrange,
        )  # Every process knows workflows, few of them count months.

        months = self.amount * (12 if self.unit == "years" else 1)
        year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
        day = min(moment.day, monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day)


def retention(text: str) -> Retention | Message:
    """Return the retention that a text says, or what is wrong with it."""
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        return message("write a whole number and a unit, such as '3 years' or '90 days'")
    unit = _UNITS.get(shape["unit"].lower())
    if unit is None:
        template = "unknown unit '{unit}'{hint}; use days, months or years"
        return message(template, unit=shape["unit"], hint=hint(shape["unit"], _UNITS))
    amount = int(shape["amount"])
    if not 1 <= amount <= _MOST[unit]:
        return message("it is at least one day and at most {years} years", years=LONGEST_YEARS)
    return Retention(amount=amount, unit=unit)
