"""Every law there is, in the order in which they are tried."""

from casewright.testing.laws import desks, hooks, pieces, source
from casewright.testing.laws.law import Law
from casewright.texts import text

LAWS = (
    Law(
        name="loads",
        sentence=text("it loads, and all that it registers is well made"),
        breaches=pieces.loads,
    ),
    Law(
        name="imports",
        sentence=text("it imports what casewright makes public, and nothing deeper"),
        breaches=source.imports,
    ),
    Law(
        name="clock",
        sentence=text("it is given the time, and never asks the machine for it"),
        breaches=source.clocks,
    ),
    Law(
        name="sentences",
        sentence=text("every sentence has its Chinese, filled with the same"),
        breaches=source.sentences,
    ),
    Law(
        name="described",
        sentence=text("all that it brings says what it is for"),
        breaches=pieces.described,
    ),
    Law(
        name="offers",
        sentence=text("its nouns, starters and texts are well made"),
        breaches=pieces.offers,
    ),
    Law(
        name="decisions",
        sentence=text("its may_* and after_* are pure, quick, and of the right kind"),
        breaches=hooks.decisions,
    ),
    Law(
        name="actions",
        sentence=text("its actions are pure, and do what their schemas allow"),
        breaches=hooks.actions,
    ),
    Law(
        name="functions",
        sentence=text("its functions are pure, and give what they say"),
        breaches=hooks.functions,
    ),
    Law(
        name="tables",
        sentence=text("its migrations make its tables on an empty database"),
        breaches=desks.tables,
    ),
    Law(
        name="commands",
        sentence=text("its commands happen or are refused, and once for each id"),
        breaches=desks.commands,
    ),
    Law(
        name="queries",
        sentence=text("its queries are answered or refused, and change nothing"),
        breaches=desks.queries,
    ),
    Law(
        name="jobs",
        sentence=text("its jobs can be run where nothing has happened yet"),
        breaches=desks.jobs,
    ),
    Law(
        name="forgetting",
        sentence=text("its tables can forget a customer who is erased"),
        breaches=desks.forgetting,
    ),
    Law(
        name="removable",
        sentence=text("without it the workspace opens as before"),
        breaches=desks.removable,
    ),
)
