"""Roles and what they permit: `roles.yaml`, read and checked."""

from collections.abc import Collection, Mapping
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
    "ticket.read", "workflow.publish", "people.edit", "people.absence", "announcement.publish",
    "customer.read", "customer.edit", "customer.merge", "customer.contact",
    "audit.verify", "notice.retry", "plugin.manage",
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
    path: Path,
    *,
    file: str | None = None,
    also: Collection[str] = (),
    left_out: Collection[str] = (),
    unnamed: Collection[str] = (),
) -> tuple[Mapping[str, Role], list[Problem]]:
    """Return the well-formed roles of a file by name, and all that is wrong with the others.

    `also` are the permissions of plugins; of a plugin that is `left_out` any is taken, with a problem that is not grave,
    and of those that are installed but `unnamed` in the settings without one: they permit nothing there.
    """
    try:
        document = strict_yaml.load_file(path, file=file)
    except (FileUnreadable, YamlRefused) as refusal:
        place = refusal.place if isinstance(refusal, YamlRefused) else Place(file or str(path))
        return {}, [Problem(code="roles.unreadable", message=refusal.reason, place=place)]
    problems: list[Problem] = []
    roles = _checked(document, problems, _Known((*PERMISSIONS, *also), left_out, unnamed))
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


@dataclass(frozen=True, slots=True)
class _Known:
    """The permissions that may be named, and the plugins whose are not known."""

    permissions: tuple[str, ...]
    left_out: Collection[str]
    unnamed: Collection[str]

    def has(self, permission: object) -> bool:
        """Return whether there is such a permission, or one that such a pattern covers."""
        if not isinstance(permission, str):
            return False
        if permission.partition(".")[0] in self.unnamed:
            return True
        return permission in self.permissions or (
            permission.endswith("*")
            and any(_covers(permission, one) for one in self.permissions)
        )

    def lacks(self, permission: object) -> str:
        """Return the plugin that is left out and whose permission it is, or ""."""
        plugin, dot, _ = str(permission).partition(".")
        return plugin if dot and plugin in self.left_out else ""


def _covers(pattern: str, permission: str) -> bool:
    return pattern.endswith("*") and fnmatchcase(permission, pattern)


def _checked(document: Document, problems: list[Problem], known: _Known) -> dict[str, Any]:
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
        if not _role_faults(document, name, role, problems, known)
    }


def _role_faults(
    document: Document, name: str, role: Any, problems: list[Problem], known: _Known
) -> bool:
    before, at = len(problems), ("roles", name)

    def refuse(code: str, place: Place, reason: Message, *, grave: bool = True) -> None:
        found = Problem(code=f"roles.{code}", message=reason, place=place, grave=grave)
        problems.append(found)

    if not isinstance(role, dict):
        refuse("wrong_shape", document.place(at), message("a role has a title and permissions"))
        return True
    for word in role:
        if word not in ("title", "permissions"):
            near = hint(word, ("title", "permissions"))
            reason = message("unknown word '{word}'{hint}", word=word, hint=near)
            refuse("unknown_word", document.key_place((*at, word)), reason)
    if fault := bilingual.fault(role.get("title")):
        refuse("bad_text", document.place((*at, "title")), fault)
    permissions = role.get("permissions")
    if not isinstance(permissions, list):
        reason = message("'permissions' is missing: a list such as [ticket.read, ticket.fire]")
        refuse("missing_word", document.key_place(at), reason)
        return True
    for index, one in enumerate(permissions):
        if known.has(one):
            continue
        place = document.place((*at, "permissions", index))
        if plugin := known.lacks(one):
            template = "'{word}' is a permission of the plugin '{plugin}', which is left out"
            reason = message(template, word=one, plugin=plugin)
            refuse("unknown_permission", place, reason, grave=False)
        else:
            near = hint(str(one), known.permissions)
            reason = message("unknown permission '{word}'{hint}", word=one, hint=near)
            refuse("unknown_permission", place, reason)
    return any(one.grave for one in problems[before:])
