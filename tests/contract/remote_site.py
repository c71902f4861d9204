"""A workspace that a server owns, in a thread of the test's, and the desk over the wire."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from casewright.clock import Clock
from casewright.config import Config
from casewright.desk import open_desk
from casewright.ownership import owned
from casewright.remote.desk import RemoteDesk
from casewright.server.application import Part
from casewright.server.batch_api import BatchApi
from casewright.server.credentials import Credentials
from casewright.server.files import Files
from casewright.server.readers import Readers
from casewright.server.streams import Streams
from casewright.server.writer import Writer

from ..server.gated import gated


@contextmanager
def remote(config: Config, clock: Clock) -> Iterator[RemoteDesk]:
    """Serve a workspace on a clock meanwhile, and yield a desk of it over the wire, through which nobody acts yet."""
    with serving(config, clock) as address, RemoteDesk(address) as desk:
        yield desk


@contextmanager
def serving(config: Config, clock: Clock) -> Iterator[str]:
    """Own and serve a workspace on a clock meanwhile; yield the address."""

    def parts(credentials: Credentials, readers: Readers, writer: Writer) -> tuple[Part, ...]:
        return (
            BatchApi(writer, credentials),
            Files(readers, credentials),
            Streams(config, readers, credentials),
        )

    opener = partial(open_desk, config, owned=True, clock=clock)
    place = config.database.with_name("gate.sock")
    place.unlink(missing_ok=True)  # as a real server does
    address = f"unix:{place}"
    with (
        owned(config.database, address),
        gated(config, opener, parts=parts),
    ):
        yield address
