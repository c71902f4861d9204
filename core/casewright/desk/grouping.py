"""Which commands may be made durable together with others, and which by themselves."""

from casewright.commands import Command
from casewright.engine.decide import handles


def goes_together(kind: type[Command]) -> bool:
    """Return whether commands of this kind may share a transaction with those of others.

    What moves tickets may. What changes how the workspace is set up, erases somebody, makes a checkpoint or is a plugin's
    own has things to do once it is durable, or changes what all others go by: it goes alone.
    """
    return handles(kind)
