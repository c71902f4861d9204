"""Whose certificates a connection trusts, looked at before anything is sent over one."""

import ssl

from casewright.errors import Message, message


def authority_fault(ca_file: str) -> Message | None:
    """Return what keeps a `ca_file` from being used, None when nothing does or the public certificates are trusted."""
    if not ca_file:
        return None
    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError:  # an SSLError is one
        return message("'ca_file': '{file}' cannot be read as certificates (PEM)", file=ca_file)
    return None
