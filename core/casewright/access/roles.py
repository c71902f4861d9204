"""Roles and what they permit: `roles.yaml`, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from casewright import bilingual, strict_yaml
from casewright.bilingual import Bilingual
from casewright.document import Document
from casewright.errors import FileUnreadable, Message, Place, Problem, YamlRefused, message
from casewright.nearest import hint

PERMISSIONS = (
    "ticket.open", "ticket.fire", "ticket.vote", "ticket.assign", "ticket.comment", "ticket.attach",
    "ticket.edit", "ticket.watch", "ticket.contact", "ticket.link", "ticket.merge", "ticket.withdraw",
    "ticket.reopen", "ticket.escalate", "ticket.supervise", "ticket.remind", "ticket.hand_over",
    "ticket.read", "workflow.publish", "people.edit", "people.absence", "announcement.publish", "customer.edit",
    "audit.verify", "notice.retry",
)  # fmt: skip
"""Every permission there is, each the name of a command; a role may hold all of a kind: `ticket.*`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role by name, its title, and the permissions it holds, as they were written."""

    name: str
    title: Bilingual
    permissions: tuple[str, ...]

    def allows(self, permission: str) -> bool:
        """Return whether the role holds `permission`, by name or by `kind.*`."""
        return any(permission == one or _covers(one, permission) for one in self.permissions)


def load_roles(
    path: Path, *, file: str | None = None
) -> tuple[Mapping[str, Role], list[Problem]]:
    """Return the well-formed roles of a file by name, and all that is wrong with the others."""
    try:
        document = strict_yaml.load_file(path, file=file)
    except (FileUnreadable, YamlRefused) as refusal:
        place = refusal.place if isinstance(refusal, YamlRefused) else Place(file or str(path))
        return {}, [Problem(code="roles.unreadable", message=refusal.reason, place=place)]
    problems: list[Problem] = []
    roles = _checked(document, problems)
    return roles_from_data({"roles": roles}), problems


def roles_from_data(data: Mapping[str, Any]) -> Mapping[str, Role]:
    """Return the roles of data that was checked before."""
    return {
        name: Role(
            name=name,
            title=bilingual.from_data(role["title"]),
            permissions=tuple(role["permissions"]),
        )
        for name, role in data["roles"].items()
    }


def _covers(pattern: str, permission: str) -> bool:
    return pattern.endswith("*") and fnmatchcase(permission, pattern)


def _checked(document: Document, problems: list[Problem]) -> dict[str, Any]:
    def refuse(code: str, place: Place, reason: Message) -> None:
        problems.append(Problem(code=f"roles.{code}", message=reason, place=place))

    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("roles"), dict):
        refuse(
            "wrong_shape", document.place(()), message("write 'roles:' and a mapping of roles")
        )
        return {}
    for word in data:
        if word != "roles":
            reason = message(
                "unknown word '{word}'{hint}", word=word, hint=hint(word, ("roles",))
            )
            refuse("unknown_word", document.key_place((word,)), reason)
    return {
        name: role
        for name, role in data["roles"].items()
        if not _role_faults(document, name, role, problems)
    }


def _role_faults(document: Document, name: str, role: Any, problems: list[Problem]) -> bool:
    before, at = len(problems), ("roles", name)

    def refuse(code: str, place: Place, reason: Message) -> None:
        problems.append(Problem(code=f"roles.{code}", message=reason, place=place))

    if not isinstance(role, dict):
        refuse("wrong_shape", document.place(at), message("a role has a title and permissions"))
        return True
    for word in role:
        if word not in ("title", "permissions"):
            known = ("title", "permissions")
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, known))
            refuse("unknown_word", document.key_place((*at, word)), reason)
    if fault := bilingual.fault(role.get("title")):
        refuse("bad_text", document.place((*at, "title")), fault)
    permissions = role.get("permissions")
    if not isinstance(permissions, list):
        reason = message("'permissions' is missing: a list such as [ticket.read, ticket.fire]")
        refuse("missing_word", document.key_place(at), reason)
        return True
    for index, one in enumerate(permissions):
        if not _is_known(one):
            reason = message(
                "unknown permission '{word}'{hint}", word=one, hint=hint(str(one), PERMISSIONS)
            )
            refuse("unknown_permission", document.place((*at, "permissions", index)), reason)
    return len(problems) > before


def _is_known(permission: object) -> bool:
    if not isinstance(permission, str):
        return False
    return permission in PERMISSIONS or (
        permission.endswith("*") and any(_covers(permission, one) for one in PERMISSIONS)
    )
