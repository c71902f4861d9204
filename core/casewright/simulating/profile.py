"""How the calls of a day are spread over its half hours, and those of a week over its days.

The half hours and the working days are derived from `bank_calls` (5,323,661 calls in 164 days of a bank's call centre, from
Weinberg, Brown and Stroud 2007, as in fpp3): only these shares are here, no row of it. That centre was closed at weekends; the last two
days of the week are assumed.
"""

HALF_HOURS = (
    *(0.0,) * 14,
    14.7, 16.5, 25.5, 33.7, 47.2, 51.9, 52.4, 52.2, 51.2, 49.8,
    48.3, 47.5, 46.2, 45.7, 44.8, 44.6, 43.3, 42.4, 39.8, 35.7,
    30.3, 26.5, 23.2, 20.8, 18.3, 16.7, 14.9, 13.7, 2.1,
    *(0.0,) * 5,
)  # fmt: skip
"""Of a thousand calls of a day, so many come in each half hour from midnight on: 07:00 is the fifteenth."""
WEEKDAYS = (1.122, 1.006, 0.949, 0.948, 0.985, 0.6, 0.5)
"""The calls of a Monday, .. a Sunday, as a share of those of an average working day."""
_WHOLE = sum(HALF_HOURS)


def share(half_hour: int) -> float:
    """Return the share of a day's calls that comes in a half hour, 0 being the first after midnight."""
    return HALF_HOURS[half_hour] / _WHOLE
