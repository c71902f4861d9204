"""What stands around the generated workflows: the fields forms are made of, the tables, the roles, the people."""

from typing import Any

FIELDS: dict[str, dict[str, Any]] = {
    "subject": {"type": "string", "pattern": "^[a-z][a-z0-9_]{1,39}$"},
    "kind": {
        "type": "string",
        "enum": ["late", "lost", "broken"],
        "x-labels": {
            "late": {"en": "Late", "zh": "延误"},
            "lost": {"en": "Lost", "zh": "丢失"},
            "broken": {"en": "Broken", "zh": "损坏"},
        },
    },
    "dept": {"type": "string", "x-lookup": "departments"},
    "note": {"type": "string", "maxLength": 200},
    "related": {"type": "string", "maxLength": 40},
    "person": {"type": "string", "maxLength": 40},
    "urgent": {"type": "boolean"},
    "solved": {"type": "boolean"},
    "amount": {"type": "number", "minimum": 0},
    "pieces": {"type": "integer", "minimum": 0, "maximum": 100},
    "depts": {
        "type": "array",
        "items": {"type": "string", "x-lookup": "departments"},
        "maxItems": 3,
    },
    "due_by": {"type": "string", "format": "date"},
}
"""Every field a form may ask for, so that a name means the same kind in all of them."""

KINDS = {
    "subject": "text",
    "kind": "choice",
    "dept": "key",
    "note": "text",
    "related": "text",
    "person": "text",
    "urgent": "boolean",
    "solved": "boolean",
    "amount": "decimal",
    "pieces": "integer",
    "depts": "texts",
    "due_by": "date",
}
NEVER_SET = ("subject",)
"""Actions leave it alone: whom avoidance concerns is said by people, so that the test can follow it."""

CALENDARS = ("cn_office", "cn_shop")
"""The calendars that workflows and promises name."""

ALWAYS_THERE = {"urgent": False, "solved": False, "depts": []}

VALUES: dict[str, list[Any]] = {
    "subject": ["ben", "ana", "cleo", "nobody_known"],
    "kind": ["late", "lost", "broken"],
    "dept": ["north", "south"],
    "note": ["", "宽带断网三天", "plain words", "x" * 200],
    "related": ["MAT-2026-000001", "ERR-2026-000001", "nothing"],
    "person": ["ana", "ben", "dora", "nobody_known"],
    "urgent": [True, False],
    "solved": [True, False],
    "amount": [0, 0.5, 499.99, 5000],
    "pieces": [0, 1, 7, 100],
    "depts": [[], ["north"], ["north", "south"]],
    "due_by": ["2026-02-13", "2027-12-31"],
}
WRONG_VALUES: list[Any] = [
    None,
    -1,
    2**70,
    float("nan"),
    float("inf"),
    "\ud800",
    "no\0",
    {},
    [1],
    True,
    "?",
]

DEPARTMENTS: dict[str, Any] = {
    "table": "departments",
    "title": {"en": "Departments", "zh": "部门"},
    "columns": {
        "owner": {"en": "Owner", "zh": "责任人"},
        "within": {"en": "Target", "zh": "时限"},
    },
    "rows": {
        "north": {"en": "North", "zh": "北区", "owner": "dora", "within": "2 days"},
        "south": {
            "en": "South",
            "zh": "南区",
            "owner": "gone",
            "within": "4 hours",
            "parent": "north",
        },
    },
}

_ALL_OF_TICKETS = ["ticket.*"]
ROLES: dict[str, Any] = {
    name: {"title": {"en": name.capitalize(), "zh": zh}, "permissions": permissions}
    for name, zh, permissions in (
        ("agent", "座席", _ALL_OF_TICKETS),
        ("team_leader", "班长", _ALL_OF_TICKETS),
        ("manager", "经理", _ALL_OF_TICKETS),
        ("head", "部门责任人", ["ticket.fire", "ticket.vote", "ticket.read", "ticket.comment"]),
        ("reader", "审计员", ["ticket.read", "audit.verify"]),
        (
            "chief",
            "主管",
            [
                "ticket.*",
                "people.edit",
                "customer.*",
                "workflow.publish",
                "workflow.approve",
                "audit.verify",
            ],
        ),
    )
}

PEOPLE: dict[str, dict[str, Any]] = {
    "ana": {"roles": ("agent",), "team": "north", "department": "north"},
    "ben": {"roles": ("agent", "team_leader"), "team": "north", "department": "north"},
    "cleo": {"roles": ("manager",), "team": "south", "department": "south"},
    "dora": {"roles": ("head",)},
    "emma": {"roles": ("team_leader", "manager"), "team": "south"},
    "chief": {"roles": ("chief",)},
    "rita": {"roles": ("reader",)},
}
"""`chief` sets the desk up and `rita` reads; no rule of avoidance names either, and neither ever leaves."""

ACTORS = ("ana", "ben", "cleo", "dora", "emma", "chief")


def bilingual(text: str) -> dict[str, str]:
    return {"en": text, "zh": f"「{text}」"}


def form(names: list[str], required: list[str]) -> dict[str, Any]:
    """Return the data of a form that asks for these fields."""
    properties = {name: {"x-title": bilingual(name), **FIELDS[name]} for name in names}
    data: dict[str, Any] = {
        "x-title": bilingual("a form"),
        "type": "object",
        "properties": properties,
    }
    return {**data, "required": required} if required else data


def calendar(name: str) -> dict[str, Any]:
    """Return the data of a calendar."""
    return {
        "calendar": name,
        "title": bilingual(name),
        "zone": "Asia/Shanghai",
        "week": {"mon-fri": "09:00-12:00, 13:30-18:00", "sat": "09:00-12:00"},
    }
