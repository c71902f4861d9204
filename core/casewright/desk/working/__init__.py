"""The desk's back door: timers fired, notices bundled, worded, paced and handed over, and what comes back for them."""
