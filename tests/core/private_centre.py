"""A small centre whose form asks for personal data, with an officer who may ask who looked at it."""

from collections.abc import Mapping
from typing import Any

from casewright.answers import AccessRow
from casewright.clock import SetClock
from casewright.commands import SaveCustomer
from casewright.queries import GetAccessReport
from casewright.store import access_log
from casewright.store.database import Database

from .small_centre import CLOSED, HEAD, OPEN, PEOPLE, SmallCentre

MATTER = f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{close: closed}}}}\n{CLOSED}"
ASKING = MATTER.replace("{close: closed}", "{close: {to: closed, form: matter}}")
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  note: {type: string, x-title: {en: Note, zh: 备注}}
  subject: {type: string, x-title: {en: Subject, zh: 对象}, x-personal: true}
  phone: {type: string, x-title: {en: Phone, zh: 电话}, x-personal: true}
  born: {type: string, format: date, x-title: {en: Born, zh: 出生日期}, x-personal: true}
  children: {type: integer, x-title: {en: Children, zh: 子女}, x-personal: true}
  names:
    type: array
    items: {type: string}
    maxItems: 10
    x-title: {en: Names, zh: 姓名}
    x-personal: true
"""
ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, customer.*, audit.verify]}
  reader: {title: {en: Reader, zh: 审计员}, permissions: [ticket.read]}
  officer: {title: {en: Officer, zh: 专员}, permissions: [access.read]}
  leader: {title: {en: Leader, zh: 班长}, permissions: [ticket.*]}
  head: {title: {en: Head, zh: 负责人}, permissions: [ticket.*]}
  team_leader: {title: {en: Team leader, zh: 组长}, permissions: [ticket.*]}
"""
PRIVATE = {"subject": "王小明", "phone": "+8613900000001", "born": "1990-05-12"}
MASKED = {"subject": "王****", "phone": "****0001", "born": "****"}


class PrivateCentre(SmallCentre):
    """A workspace with personal data in it: fields of tickets, and two customers."""

    people: Mapping[str, tuple[tuple[str, ...], str]] = {**PEOPLE, "oscar": (("officer",), "")}

    def __init__(self, root: Any, clock: SetClock) -> None:
        super().__init__(root, clock)
        self.write("roles.yaml", ROLES)
        self.write("forms/matter.yaml", FORM)

    def customer(self, number: str = "C1", **said: Any) -> str:
        given = {"name": "王小明", "phone": "+8613900000001", **said}
        self.desk.execute(SaveCustomer(actor="ana", id=number, **given))
        return number

    def rows(self) -> tuple[AccessRow, ...]:
        """All rows of the access log, oldest first, read without leaving one."""
        database = Database(self.config.database)
        try:
            return access_log.page(database, limit=1000)[::-1]
        finally:
            database.close()

    def looks(self) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
        """Who looked, as what kind of row, by which query, at which ticket and which customers."""
        return [
            (one.actor, one.kind, one.subject, one.ticket, one.customers) for one in self.rows()
        ]

    def report(self, **asked: Any) -> tuple[AccessRow, ...]:
        return tuple(self.desk.ask(GetAccessReport(actor="oscar", **asked)).rows)
