"""Workflow versions made ready to run, each once, named by the digest of its bundle."""

from collections.abc import Callable, Iterable, Mapping

from casewright.engine.machine import StateMachine
from casewright.engine.situation import Compiled
from casewright.forms.check import FormChecker
from casewright.forms.spec import Field, Form
from casewright.model import EMPTY
from casewright.plugins.host import Plugins
from casewright.workflows.borrowing import lent_functions
from casewright.workflows.guard import Functions, Guards
from casewright.workflows.spec import Workflow
from casewright.workflows.tables import Table


def compiled(
    workflow: Workflow,
    forms: Mapping[str, Form],
    tables: Mapping[str, Table],
    plugins: Callable[[], Plugins],
    rights: frozenset[str],
) -> Compiled:
    """Return a workflow version ready to run; `plugins` are opened only where it calls their functions."""
    functions: Functions = EMPTY
    if workflow.borrowed.functions:
        lenders = plugins()
        functions = lent_functions(workflow.borrowed, lenders.vocabulary, lenders.why_not)
    return Compiled(
        workflow=workflow,
        forms=forms,
        guards=guards(workflow, forms, tables, functions),
        machine=StateMachine(workflow),
        checkers={name: FormChecker(form) for name, form in forms.items()},
        rights=rights,
    )


def guards(
    workflow: Workflow,
    forms: Mapping[str, Form],
    tables: Mapping[str, Table],
    functions: Functions = EMPTY,
) -> Guards:
    """Return the expressions of a workflow, typed from the fields of all its forms."""
    names = (name for state in workflow.states.values() for name in state.transitions)
    return Guards(
        fields=united_fields(forms.values()),
        transitions=names,
        tables=tables,
        functions=functions,
    )


def united_fields(forms: Iterable[Form]) -> dict[str, Field]:
    """Return the fields of all forms by name; `check` has refused names that mean two kinds."""
    return {name: field for form in forms for name, field in form.fields.items()}
