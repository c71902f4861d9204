"""The users of this machine, as its kernel and its list of users know them."""

import os


def login_of(user: int) -> str:
    """Return the login name of a user of this machine; "" for one without."""
    try:
        import pwd
    except ImportError:  # Windows, where no Unix socket is served
        return ""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return ""


def is_ours(user: int) -> bool:
    """Return whether it is the user as whom this server runs, or the one who may do everything on this machine."""
    return user in (os.geteuid(), _ROOT)


_ROOT = 0
