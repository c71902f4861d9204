"""What the doctor says of the server that owns the workspace: where it is, and whether it answers."""

from collections.abc import Iterator

from casewright.cli.doctor_check import Check, problem, well
from casewright.config import Config
from casewright.errors import CasewrightError, ServerUnreachable, message
from casewright.ownership import Owner, owner_of

NAME = "server"


def server_checks(config: Config) -> Iterator[Check]:
    """Yield who owns the workspace; nothing where nobody does, and each command works in it by itself."""
    owner = owner_of(config.database)
    if owner is None:
        return
    fault = _fault(owner)
    if fault is None:
        said = message(
            "a server owns the workspace: {address} (process {process})",
            address=owner.address,
            process=owner.process,
        )
        yield well(NAME, said)
        return
    silent = message(
        "the server of process {process} owns the workspace and does not answer: {error}",
        process=owner.process,
        error=fault,
    )
    yield problem(NAME, silent)


def _fault(owner: Owner) -> ServerUnreachable | None:
    from casewright.remote.transport import Reaching, Transport

    transport = Transport(Reaching(find=lambda: owner.address, longest=0))
    try:
        with transport.answer("GET", "/health") as response:
            response.read()
    except ServerUnreachable as error:
        return error
    except CasewrightError:
        return None  # It refuses, and so it answers.
    finally:
        transport.close()
    return None
