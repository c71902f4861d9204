"""roundup: `issue.set(status)` in the classic tracker on SQLite, WAL, FULL, its detectors on, a commit each; no mail is sent.

The handle stays open, as its web server keeps it. It writes the issue's row and one row of its journal.
"""

import random
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from lines import must_be_durable, serve
from roundup import configuration, init, instance, password

TICKETS = int(sys.argv[2])


def main() -> None:
    """Serve."""
    home = Path(sys.argv[1]) / "tracker"
    template = Path(sys.prefix) / "share" / "roundup" / "templates" / "classic"
    init.install(str(home), str(template))
    for one in (home / "detectors").glob("nosyreaction*"):
        one.unlink()
    config = configuration.CoreConfig()
    config["TRACKER_HOME"] = str(home)
    config["RDBMS_BACKEND"] = "sqlite"
    config["MAIL_DOMAIN"], config["MAIL_HOST"] = "localhost", "localhost"
    config["TRACKER_WEB"] = "http://localhost/"
    config["TRACKER_NAME"] = "bench"
    config.save(str(home / "config.ini"))
    shutil.rmtree(home / "db", ignore_errors=True)
    (home / "db").mkdir()
    tracker = instance.open(str(home))
    tracker.init(password.Password("x", config=tracker.config))
    database = tracker.open("admin")
    database.sql("PRAGMA synchronous=FULL")
    must_be_durable(lambda pragma: (database.sql(pragma), database.sql_fetchone()[0])[1])
    statuses = database.status.list()
    issues = [
        database.issue.create(title=f"Job {number}", status=statuses[0], priority="1")
        for number in range(TICKETS)
    ]
    database.commit()
    chance = random.Random(1)

    def set_status() -> None:
        issue = chance.choice(issues)
        now = database.issue.get(issue, "status")
        database.issue.set(issue, status=statuses[(statuses.index(now) + 1) % len(statuses)])
        database.commit()

    serve(version("roundup"), {"set_status": set_status})


if __name__ == "__main__":
    main()
