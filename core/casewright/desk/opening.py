"""The desk of a workspace, opened."""

from contextlib import ExitStack

from casewright.clock import Clock, SystemClock
from casewright.config import Config
from casewright.desk.door import Door
from casewright.desk.embedded import Desk
from casewright.errors import DatabaseMissing
from casewright.ownership import shared
from casewright.store import migrate, reaching
from casewright.store.database import Driver, open_sqlite


def open_desk(
    config: Config,
    *,
    clock: Clock | None = None,
    create: bool = False,
    driver: Driver = open_sqlite,
    door: Door | None = None,
    owned: bool = False,
) -> Desk:
    """Return the desk of a workspace; `create` makes or migrates its database, else it must be there and new.

    WorkspaceOwned where a server owns the workspace, except for its own processes, which it has `owned`.
    """
    clock = clock or SystemClock()
    if not create and not config.database.exists():
        raise DatabaseMissing(database=str(config.database))
    with ExitStack() as holding:
        if not owned:
            holding.enter_context(shared(config.database))
        if create:
            from casewright.desk.installing import migrate_database

            migrate_database(config, clock=clock)
        desk = Desk(config, clock=clock, driver=driver, door=door, holding=holding.pop_all())
    try:
        migrate.require_newest(desk._database, path=str(config.database))
        if reaching.is_old(desk._database):
            from casewright.desk import reindexing

            reindexing.reindex(desk._database, desk._library, clock.now())
    except BaseException:
        desk.close()
        raise
    return desk
