"""django-helpdesk: a ticket's status changed with a comment, on SQLite, WAL, FULL, each in `atomic()`; mails go nowhere.

`update` is its own `update_ticket(user, ticket, comment=..., new_status=...)`, on a ticket loaded by its number. `orm` is the
least that Django can do for the same: load, save, a FollowUp and a TicketChange.
"""

import random
import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import django
from django.conf import settings
from lines import must_be_durable, serve

TICKETS = int(sys.argv[2])
COMMENT = "Line 12 measured again, the loss is 3 dB; waiting for the customer to confirm."
_APPS = (
    "django.contrib.admin django.contrib.auth django.contrib.contenttypes django.contrib.sessions"
    " django.contrib.sites django.contrib.humanize django.contrib.messages django.contrib.staticfiles"
    " helpdesk"
)


def configure(folder: Path) -> None:
    """Make a Django of helpdesk alone."""
    settings.configure(
        SECRET_KEY="bench",
        INSTALLED_APPS=_APPS.split(),
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "helpdesk.db"),
                "OPTIONS": {
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
                    "transaction_mode": "IMMEDIATE",
                },
            }
        },
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {},
            }
        ],
        ROOT_URLCONF="bench_urls",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        SITE_ID=1,
        USE_TZ=True,
    )
    django.setup()
    _urls()


def _urls() -> None:
    """Let its pages stand where its mails say that they are."""
    from django.urls import include, path

    module = ModuleType("bench_urls")
    module.urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]  # type: ignore[attr-defined]
    sys.modules["bench_urls"] = module


def main() -> None:
    """Serve."""
    configure(Path(sys.argv[1]))
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket, TicketChange
    from helpdesk.update_ticket import update_ticket

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        must_be_durable(lambda pragma: cursor.execute(pragma).fetchone()[0])
    user = get_user_model().objects.create_superuser("ana", "ana@b.org", "x")
    queue = Queue.objects.create(title="Jobs", slug="jobs")
    numbers = [
        Ticket.objects.create(
            title=f"Job {number}", queue=queue, description=COMMENT, assigned_to=user,
            submitter_email="c@b.org",
        ).pk
        for number in range(TICKETS)
    ]  # fmt: skip
    chance = random.Random(1)

    def other(ticket: Ticket) -> int:
        open_now = ticket.status == Ticket.OPEN_STATUS
        return Ticket.REOPENED_STATUS if open_now else Ticket.OPEN_STATUS

    def update() -> None:
        with transaction.atomic():
            ticket = Ticket.objects.get(pk=chance.choice(numbers))
            update_ticket(user, ticket, comment=COMMENT, new_status=other(ticket))

    def orm() -> None:
        with transaction.atomic():
            ticket = Ticket.objects.get(pk=chance.choice(numbers))
            before, ticket.status = ticket.status, other(ticket)
            ticket.save()
            said = FollowUp.objects.create(
                ticket=ticket, user=user, date=timezone.now(), title="Status", comment=COMMENT
            )
            TicketChange.objects.create(
                followup=said,
                field="Status",
                old_value=str(before),
                new_value=str(ticket.status),
            )

    serve(version("django-helpdesk"), {"update": update, "orm": orm})


if __name__ == "__main__":
    main()
