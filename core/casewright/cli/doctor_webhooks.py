"""What the doctor says of other systems that are told of events: whether they can be, and what could not be told."""

from collections.abc import Iterator, Sequence

from casewright.answers import WebhookStanding
from casewright.cli.doctor_check import Check, refused, warning, well
from casewright.config import Config
from casewright.errors import ConfigRefused, SecretMissing, message


def webhook_checks(config: Config, standings: Sequence[WebhookStanding]) -> Iterator[Check]:
    """Examine the webhooks, opening each, which tells nothing; and look for dead letters."""
    from casewright.delivery.webhook import open_webhook

    faults = []
    for one in config.webhooks.values():
        try:
            open_webhook(one)
        except (ConfigRefused, SecretMissing) as error:
            faults.append(refused("webhooks", error))
    yield from faults
    if config.webhooks and not faults:
        told = message("other systems are told: {names}", names=sorted(config.webhooks))
        yield well("webhooks", told)
    for standing in standings:
        if standing.dead:
            said = message(
                "events that '{name}' could not be told of: {count}; see `casewright webhook dead {name}`",
                name=standing.name,
                count=standing.dead,
            )
            yield warning("webhooks", said)
