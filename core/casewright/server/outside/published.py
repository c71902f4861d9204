"""What pages for customers are made of, as it is published now: the pages, their forms, and the rows of their tables."""

from collections.abc import Mapping
from dataclasses import replace

from casewright.bilingual import Bilingual
from casewright.desk import Desk
from casewright.errors import NotFound
from casewright.forms.spec import Form
from casewright.model import INTAKE
from casewright.pages.said import Pages, pages_from_data
from casewright.pages.spec import Page
from casewright.queries import GetIntake, GetTables, GetWorkflow
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A page with its form as customers see it, and what the choices of its fields are called."""

    page: Page
    form: Form
    tables: Mapping[str, Mapping[str, Bilingual]]


def pages_of(desk: Desk) -> Pages:
    """Return the pages that are published."""
    return pages_from_data(desk.ask_as_system(GetIntake(actor=INTAKE)))


def published(desk: Desk, name: str) -> Published | None:
    """Return a page by its name, or None where there is none, or its workflow is not published."""
    page = pages_of(desk).forms.get(name)
    if page is None:
        return None
    try:
        workflow, forms = desk.ask_as_system(GetWorkflow(actor=INTAKE, workflow=page.workflow))
    except NotFound:
        return None
    form = forms.get(workflow.form)
    if form is None:
        return None
    return Published(page=page, form=_worded(form, page), tables=_tables(desk, page, form))


def _worded(form: Form, page: Page) -> Form:
    """Return the form with the page's own words for customers."""
    fields = {
        name: replace(
            one,
            title=page.titles.get(name, one.title),
            help=page.helps.get(name, one.help),
        )
        for name, one in form.fields.items()
    }
    return replace(form, fields=fields)


def _tables(desk: Desk, page: Page, form: Form) -> Mapping[str, Mapping[str, Bilingual]]:
    asked = (form.fields[name].lookup for name in page.fields if name in form.fields)
    wanted = {one for one in asked if one}
    if not wanted:
        return {}
    known = desk.ask_as_system(GetTables(actor=INTAKE))
    return {name: known[name].labels for name in wanted if name in known}
