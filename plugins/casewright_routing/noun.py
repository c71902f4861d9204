"""`casewright route`: why a ticket goes to whom it goes, the next ticket, queues, agents, calls, simulations."""

from casewright import Noun, Option, Verb, text
from casewright_routing import noun_acting as acting
from casewright_routing import noun_showing as showing
from casewright_routing.noun_simulating import simulate

_TICKET = Option(name="TICKET", needed=True, help=text("the ticket's key"))
_NUMBER = Option(
    name="NUMBER", needed=True, help=text("the phone number; - where it is withheld")
)
_AGENT = Option(
    name="--agent",
    value="USER",
    help=text("say it for this agent; needs the permission routing.manage"),
)
_AGAIN = Option(
    name="--id", value="ID", help=text("the command's id: the same id again does nothing twice")
)

ROUTE = Noun(
    name="route",
    help=text("who gets which ticket, and why"),
    verbs=(
        Verb(
            name="explain",
            run=showing.explain,
            help=text("tell to whom a ticket goes and why every other agent was passed over"),
            more=text(
                "First what was decided about it so far, then what would be decided now, with everybody who could be asked."
            ),
            options=(_TICKET,),
        ),
        Verb(
            name="next",
            run=acting.take_next,
            help=text("take the next ticket that you are asked for"),
            options=(_AGAIN,),
        ),
        Verb(
            name="queues", run=showing.queues, help=text("show what waits where, and for whom")
        ),
        Verb(name="agents", run=showing.agents, help=text("show who takes tickets now")),
        Verb(
            name="call",
            run=showing.call,
            help=text("tell who calls from a number, and whom to ring"),
            options=(_NUMBER,),
        ),
        Verb(
            name="choice",
            run=acting.remember,
            help=text("remember with a number what its caller chose"),
            options=(
                Option(name="NUMBER", needed=True, help=text("the phone number")),
                Option(name="--brand", value="BRAND", help=text("the brand")),
                Option(
                    name="--language", value="LANGUAGE", help=text("the language, such as en")
                ),
                _AGAIN,
            ),
        ),
        Verb(
            name="available",
            run=acting.available,
            help=text("say that you take tickets"),
            options=(_AGENT, _AGAIN),
        ),
        Verb(
            name="busy",
            run=acting.busy,
            help=text("say that you are busy, and with what"),
            options=(
                Option(
                    name="REASON",
                    needed=True,
                    many=True,
                    help=text("with what, such as: training"),
                ),
                _AGENT,
                _AGAIN,
            ),
        ),
        Verb(
            name="simulate",
            run=simulate,
            help=text("let a load of tickets arrive, and tell how long they would wait"),
            more=text(
                "By the routing.yaml of the workspace. The load is a CSV with a row for each arrival, or a YAML file of "
                "streams; docs/routing.md describes both. Nothing is stored."
            ),
            options=(
                Option(
                    name="--load", value="FILE", needed=True, help=text("the load, CSV or YAML")
                ),
                Option(
                    name="--seed",
                    value="NUMBER",
                    help=text(
                        "where the load leaves something to chance: the same number draws the same (default 0)"
                    ),
                ),
            ),
        ),
    ),
)
