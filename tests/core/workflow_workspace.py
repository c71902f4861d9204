"""A small workspace without a fault, and a way to put exactly one into its workflow."""

from pathlib import Path

from casewright.errors import Problem
from casewright.workflows.check import check_paths

PARCEL = """\
workflow: parcel
language: 1
title: {en: Late parcel, zh: 包裹延误}
prefix: PCL
form: parcel
owner: ["=lookup('departments', fields.department).head", role:leader]
start: registered
reopen: {policy: continue, within: 90 days, by: role:leader, to: in_work}
levels: {roles: [role:leader]}
priority:
  - {set: urgent, when: "fields.kind == 'lost'"}
  - {set: normal}

states:
  registered:
    title: {en: Registered, zh: 已登记}
    transitions:
      accept: {to: in_work, by: role:agent, key: a}
      decline: {to: declining, by: [role:agent, role:leader], needs: reason, key: d}
  in_work:
    title: {en: In work, zh: 办理中}
    start: searching
    states:
      searching:
        title: {en: Searching, zh: 查找中}
        on_enter:
          - {open: errand, as: search, fields: {department: "=fields.department", kind: search}}
          - {set: {note: searched}}
        transitions:
          ask: asking
      asking:
        title: {en: Asking, zh: 询问中}
        waiting: customer
        transitions:
          answered: searching
          silent: {to: found, by: timer}
        after: {5 days: silent}
    transitions:
      find: {to: found, form: closing, when: "fields.kind in ['late', 'lost'] && children.open == 0"}
  declining:
    title: {en: Declining, zh: 待审批}
    approve:
      steps:
        - {voters: role:leader, when: "fields.amount > 500"}
        - {voters: [role:head, owner], votes: "fields.amount > 5000 ? 2 : 1"}
      except: [submitter]
      granted: closed
      denied: registered
  found:
    title: {en: Found, zh: 已找到}
    shared: chase
    transitions:
      close: {to: [{to: in_work, when: "fields.again"}, {to: closed}], needs: [result]}
  closed: {final: true, title: {en: Closed, zh: 已结案}}

shared:
  chase: {by: [handler, owner], key: c, do: [{tell: opener}]}

promises:
  handling:
    from: opened
    until: [found, closed]
    within: {urgent: 4 hours, high: 1 day, normal: 2 days}
    pauses: [in_work.asking]

ladder:
  handling:
    - {at: 80%, tell: [handler, owner], via: [notice, sms]}
    - {every: 4 hours, from: 100%, times: 5, tell: role:leader, do: [{raise_level: 1}]}
"""

ERRAND = """\
workflow: errand
title: {en: Errand, zh: 差事}
prefix: ERR
form: errand
owner: role:leader
start: open
states:
  open: {title: {en: Open, zh: 待办}, transitions: {finish: done}}
  done: {final: true, title: {en: Done, zh: 已完成}}
"""

FORMS = {
    "parcel": """\
x-title: {en: Parcel, zh: 包裹}
type: object
required: [department]
properties:
  department: {type: string, x-lookup: departments, x-title: {en: Department, zh: 部门}}
  kind:
    type: string
    enum: [late, lost]
    x-title: {en: Kind, zh: 类型}
    x-labels: {late: {en: Late, zh: 延误}, lost: {en: Lost, zh: 丢失}}
  amount: {type: number, x-title: {en: Amount, zh: 金额}}
  note: {type: string, x-title: {en: Note, zh: 备注}}
""",
    "closing": """\
x-title: {en: Closing, zh: 结案}
type: object
properties:
  result: {type: string, x-title: {en: Result, zh: 结果}}
  again: {type: boolean, x-title: {en: Again, zh: 重办}}
""",
    "errand": """\
x-title: {en: Errand, zh: 差事}
type: object
required: [department, kind]
properties:
  department: {type: string, x-lookup: departments, x-title: {en: Department, zh: 部门}}
  kind:
    type: string
    enum: [search, fetch]
    x-title: {en: Kind, zh: 类型}
    x-labels: {search: {en: Search, zh: 查找}, fetch: {en: Fetch, zh: 领取}}
""",
    "odd": """\
x-title: {en: Odd, zh: 特别}
type: object
properties:
  note: {type: integer, x-title: {en: Note, zh: 备注}}
""",
}

DEPARTMENTS = """\
table: departments
title: {en: Departments, zh: 部门}
columns: {head: {en: Head, zh: 责任人}}
rows:
  front: {en: Front desk, zh: 前台, head: ana}
  yard: {en: Yard, zh: 货场, parent: front}
"""

ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.open, ticket.fire]}
  leader: {title: {en: Leader, zh: 班长}, permissions: [ticket.*]}
  head: {title: {en: Head, zh: 责任人}, permissions: [ticket.vote]}
  reader: {title: {en: Reader, zh: 审计员}, permissions: [ticket.read]}
"""

MARK = "¦"
"""In a changed line it stands where the problem must be reported."""


def workspace(root: Path, parcel: str = PARCEL) -> Path:
    """Write the workspace and return its `parcel` workflow."""
    files = {"workflows/parcel.yaml": parcel, "workflows/errand.yaml": ERRAND}
    files |= {"tables/departments.yaml": DEPARTMENTS, "roles.yaml": ROLES}
    files |= {f"forms/{name}.yaml": text for name, text in FORMS.items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root / "workflows" / "parcel.yaml"


def broken(root: Path, old: str, new: str) -> tuple[list[Problem], str]:
    """Change `old` into `new`; return the problems and the place that the mark in `new` names."""
    assert PARCEL.count(old) == 1, f"{old!r} must occur once"
    changed = PARCEL.replace(old, new)
    path = workspace(root, changed.replace(MARK, ""))
    if MARK not in new:
        return check_paths([path]), str(path)
    return check_paths([path]), f"{path}:{marked(changed)[1]}"


def marked(text: str) -> tuple[str, str]:
    """Return a text without its mark, and the line and column at which the mark stood."""
    before = text[: text.index(MARK)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return text.replace(MARK, ""), f"{line}:{column}"
