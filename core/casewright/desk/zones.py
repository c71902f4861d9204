"""In which zone times are told and read: the site's, where its settings name one, else the calendar's of the matter."""

from casewright.sla.calendar import ALWAYS, Calendar


def zone_name(site: str, calendar: Calendar) -> str:
    """Return the IANA name of the zone; "" is the machine's: the calendar that is always open says nothing of a place."""
    if site:
        return site
    return "" if calendar.digest == ALWAYS.digest else calendar.zone
