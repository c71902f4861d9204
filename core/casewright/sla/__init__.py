"""Working time: calendars, and what is counted on them."""
