"""The doors for whoever is nobody on the staff, put together for the application."""

from casewright.clock import SystemClock
from casewright.config import Config
from casewright.desk.pages_secret import sealer_of
from casewright.server.application import Part
from casewright.server.outside.assets import Assets
from casewright.server.outside.status_pages import StatusPages
from casewright.server.outside.web_forms import WebForms
from casewright.server.outside.webhooks_in import WebhooksIn
from casewright.server.readers import Readers
from casewright.server.writer import Writer


def outside(config: Config, writer: Writer, readers: Readers) -> tuple[Part, ...]:
    """Return the parts that answer customers and other systems; ConfigRefused, SecretMissing."""
    sealer, clock = sealer_of(config), SystemClock()
    return (
        Assets(),  # before the forms, whose paths would have its name for a page's
        WebForms(writer, readers, config=config, sealer=sealer, clock=clock),
        StatusPages(writer, readers, config=config, sealer=sealer, clock=clock),
        WebhooksIn(writer, readers, config=config, clock=clock),
    )
