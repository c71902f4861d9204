"""Roles and what they permit: `roles.yaml`, read and checked."""

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from casewright import bilingual
from casewright.bilingual import Bilingual
from casewright.document import Document, Mark
from casewright.errors import FileUnreadable, Message, Place, Problem, YamlRefused, message
from casewright.nearest import hint
from casewright.plain_text import LONGEST_TITLE, words_fault
from casewright.swift_dataclass import dataclass

PERMISSIONS = (
    "ticket.open", "ticket.fire", "ticket.vote", "ticket.assign", "ticket.comment", "ticket.attach",
    "ticket.edit", "ticket.watch", "ticket.contact", "ticket.reply", "ticket.link", "ticket.merge", "ticket.withdraw",
    "ticket.reopen", "ticket.escalate", "ticket.supervise", "ticket.remind", "ticket.hand_over",
    "ticket.read", "ticket.reveal", "ticket.export", "workflow.check", "workflow.publish", "workflow.approve",
    "people.edit", "people.absence", "announcement.publish",
    "customer.read", "customer.edit", "customer.merge", "customer.contact", "customer.erase", "customer.export",
    "intake.read", "intake.sort", "access.read", "audit.verify", "audit.checkpoint", "audit.export", "notice.retry", "plugin.manage",
    "webhook.manage",
    "workspace.backup", "workspace.export",
)  # fmt: skip
"""Every permission there is, each the name of a command; a role may hold all of a kind: `ticket.*`."""
OWN, TEAM, DEPARTMENT, QUEUES, ALL = "own", "team", "department", "queues", "all"
SCOPES = (OWN, TEAM, DEPARTMENT, QUEUES, ALL)
"""How far a permission reaches: what one is a party to, what one's team or department has, one's queues, everything."""
SCOPED = ("ticket", "people")
"""The kinds of permission that may be held for less than all; a person is in one's own team or department, or is oneself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role by name, its title, and by scope the permissions that it holds there, as they were written."""

    name: str
    title: Bilingual
    grants: Mapping[str, tuple[str, ...]]

    def allows(self, permission: str) -> bool:
        """Return whether the role holds `permission` in any scope, by name or by `kind.*`."""
        return bool(self.scopes(permission))

    def scopes(self, permission: str) -> frozenset[str]:
        """Return the scopes in which the role holds `permission`; none where it does not."""
        return frozenset(
            scope for scope, held in self.grants.items() if covered(permission, held)
        )


def covered(permission: str, patterns: Collection[str]) -> bool:
    """Return whether one of `patterns` is the permission, or all of its kind: `ticket.*`."""
    return any(permission == one or _covers(one, permission) for one in patterns)


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
    from casewright import strict_yaml  # a desk that was published reads no YAML

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
            grants=grants_of(role["permissions"]),
        )
        for name, role in data["roles"].items()
    }


def roles_fault(
    roles: Mapping[str, Any], *, also: Collection[str] = (), unnamed: Collection[str] = ()
) -> Message | None:
    """Return what is wrong with roles that come without their file, as `load_roles` would say it, or None."""
    problems: list[Problem] = []
    document = Document(data={"roles": dict(roles)}, file="roles.yaml", marks=Mark(0, 0))
    for name, role in document.data["roles"].items():
        if _role_faults(
            document, name, role, problems, _Known((*PERMISSIONS, *also), (), unnamed)
        ):
            reason = next(one.message for one in problems if one.grave)
            return message("the role '{name}': {reason}", name=str(name)[:80], reason=reason)
    return None


def grants_of(written: Any) -> Mapping[str, tuple[str, ...]]:
    """Return permissions by scope; a plain list holds for all."""
    by_scope = written if isinstance(written, Mapping) else {ALL: written}
    return {scope: tuple(held) for scope, held in by_scope.items()}


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
            permission.endswith(".*")
            and any(permission == f"{one.partition('.')[0]}.*" for one in self.permissions)
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

    if fault := words_fault(name, LONGEST_TITLE, lines=False):
        refuse("bad_name", document.key_place(at), fault)
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
    if not isinstance(permissions, list | dict):
        reason = message("'permissions' is missing: a list such as [ticket.read, ticket.fire]")
        refuse("missing_word", document.key_place(at), reason)
        return True
    for path, scope, one in _held(permissions):
        place = document.place((*at, "permissions", *path))
        if scope not in SCOPES:
            near = hint(scope, SCOPES)
            reason = message("unknown scope '{word}'{hint}", word=scope, hint=near)
            refuse("unknown_scope", document.key_place((*at, "permissions", scope)), reason)
            continue
        if one is None:
            refuse("wrong_shape", place, message("a scope has a list of permissions"))
            continue
        if known.has(one):
            if scope != ALL and str(one).partition(".")[0] not in SCOPED:
                template = "'{word}' is held for all or not at all; it has no scope '{scope}'"
                reason = message(template, word=one, scope=scope)
                refuse("no_scope", place, reason)
            continue
        if plugin := known.lacks(one):
            template = "'{word}' is a permission of the plugin '{plugin}', which is left out"
            reason = message(template, word=one, plugin=plugin)
            refuse("unknown_permission", place, reason, grave=False)
        else:
            near = hint(str(one), known.permissions)
            reason = message("unknown permission '{word}'{hint}", word=one, hint=near)
            refuse("unknown_permission", place, reason)
    return any(one.grave for one in problems[before:])


def _held(written: Any) -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    """Yield each permission as it is written: where, in which scope, and what; None for what is no list."""
    if isinstance(written, list):
        yield from (((at,), ALL, one) for at, one in enumerate(written))
        return
    for scope, held in written.items():
        if not isinstance(held, list):
            yield (scope,), scope, None
            continue
        yield from (((scope, at), scope, one) for at, one in enumerate(held))
