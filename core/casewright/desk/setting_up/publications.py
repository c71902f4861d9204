"""Two people publish: one proposes what the workspace is to be set up with, another approves it, and only then it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from casewright.access.roles import covered, roles_fault
from casewright.answers import ProposedPublication
from casewright.commands import (
    DecidePublication,
    ProposePublication,
    SavePerson,
    WithdrawPublication,
)
from casewright.desk.library import Library
from casewright.desk.people.staff import NO_LONGER
from casewright.desk.setting_up.change_details import details
from casewright.desk.setting_up.publication_content import (
    Content,
    changes,
    content_of,
    data_of,
    put_in_force,
    workflows_of,
)
from casewright.errors import (
    AuthorityLacking,
    CommandRefused,
    Message,
    NotFound,
    PublicationRefused,
    message,
)
from casewright.model import is_system
from casewright.plain_text import words_fault
from casewright.plugins.finding import installed
from casewright.queries import LARGEST_PAGE, GetPublication, ListPublications
from casewright.store import command_journal, configuration, publications
from casewright.store.configuration import EVERYTHING, Configuration
from casewright.store.database import Database
from casewright.workflows.authority import Need, needs

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

WAITING, PUBLISHED, REFUSED, UNCHANGED = "waiting", "published", "refused", "unchanged"
APPROVE = DecidePublication.permission
PROPOSE = ProposePublication.permission
STAFF = SavePerson.permission
STILL_ASKED = timedelta(days=7)
"""For how long somebody who may no longer approve still counts as the second person, who therefore has to be found."""
SHORTEST_DIGEST = 12


def propose(
    database: Database, library: Library, command: ProposePublication, now: datetime
) -> Mapping[str, str]:
    """Take a proposal in, and put it in force at once where nobody else may approve it."""
    settings, author = library.configuration(), command.actor
    _must_be_words(command.note)
    content = content_of(command)
    _must_be_roles(library, content)
    changed = changes(database, settings, content)
    if not changed:
        return {"state": UNCHANGED}
    rights = _rights(settings, author)
    _must_have_authority(author, rights, content, changed)
    _must_leave_somebody(settings, content)
    alone = _approves_alone(settings, author) and not _asked_lately(database, settings, now)
    whole = {
        **content,
        "rests_on": configuration.standing(database),
        "rights": list(rights),
        "details": details(database, settings, content, changed, library.plugins.permissions),
    }
    proposed = publications.insert(
        database,
        ProposedPublication(
            number=0,
            state=WAITING,
            proposed_at=now,
            proposed_by=author,
            note=command.note,
            workflows=workflows_of(content),
            changes=changed,
        ),
        whole,
    )
    if alone:
        proposed = _published(database, proposed, whole, by=author, now=now)
    return {"publication": str(proposed.number), "state": proposed.state}


def decide(
    database: Database, library: Library, command: DecidePublication, now: datetime
) -> Mapping[str, str]:
    """Approve a proposal, which puts exactly it in force, or refuse it; PublicationRefused."""
    proposed = _waiting(database, command.publication)
    _must_be_what_was_seen(proposed, command.digest)
    if not command.grant:
        return _refused(database, proposed, command, now)
    settings = library.configuration()
    if proposed.proposed_by == command.actor and not _approves_alone(settings, command.actor):
        template = "somebody else has to approve what one proposed: {people} may"
        others = _approvers(settings) - {command.actor}
        raise _no(proposed, message(template, people=sorted(others)))
    if proposed.proposed_by == command.actor:
        _must_be_alone_for_long(database, settings, proposed, now)
    content = publications.content(database, proposed.number)
    if content["rests_on"] != configuration.standing(database):
        reason = message("something else was published since it was proposed; propose it again")
        raise _no(proposed, reason)
    _must_still_have_authority(settings, proposed, content)
    _must_leave_somebody(settings, content)
    common = _common(content["rights"], _rights(settings, proposed.proposed_by))
    content = {**content, "rights": common}
    decided = _published(database, proposed, content, by=command.actor, now=now)
    return {"publication": str(decided.number), "state": decided.state}


def withdraw(
    database: Database, library: Library, command: WithdrawPublication, now: datetime
) -> Mapping[str, str]:
    """Take one's own proposal back; PublicationRefused where it is somebody else's."""
    proposed = _waiting(database, command.publication)
    if proposed.proposed_by != command.actor:
        template = "{person} proposed it, and nobody else can take it back"
        raise _no(proposed, message(template, person=proposed.proposed_by))
    return _closed(database, proposed, by=command.actor, reason="", now=now)


def list_publications(
    asking: "Asking", query: ListPublications
) -> tuple[ProposedPublication, ...]:
    """Return what was proposed, newest first."""
    limit = max(1, min(query.limit, LARGEST_PAGE))
    return publications.newest(asking.database, query.state, before=query.before, limit=limit)


def publication(asking: "Asking", query: GetPublication) -> ProposedPublication:
    """Return one proposal, for who may propose or approve with all that it changes; NotFound."""
    found, settings = _known(asking.database, query.publication), asking.library.configuration()
    if not any(settings.permits(asking.asker, one) for one in (APPROVE, PROPOSE)):
        return found
    content = publications.content(asking.database, found.number)
    lines = content["details"].items()
    said = {kind: {name: tuple(one) for name, one in names.items()} for kind, names in lines}
    return replace(found, details=said)


def _known(database: Database, number: int) -> ProposedPublication:
    found = publications.get(database, number)
    if found is None:
        raise NotFound(kind=message("publication"), name=str(number), hint=message(""))
    return found


def _waiting(database: Database, number: int) -> ProposedPublication:
    found = _known(database, number)
    if found.state != WAITING:
        template = "it is decided already, by {person}"
        raise _no(found, message(template, person=found.decided_by))
    return found


def _refused(
    database: Database, proposed: ProposedPublication, command: DecidePublication, now: datetime
) -> Mapping[str, str]:
    if not command.reason.strip():
        raise _no(proposed, message("say why it is refused"))
    _must_be_words(command.reason)
    return _closed(database, proposed, by=command.actor, reason=command.reason, now=now)


def _closed(
    database: Database, proposed: ProposedPublication, *, by: str, reason: str, now: datetime
) -> Mapping[str, str]:
    decided = replace(proposed, state=REFUSED, decided_at=now, decided_by=by, reason=reason)
    publications.decide(database, decided)
    return {"publication": str(decided.number), "state": decided.state}


def _published(
    database: Database,
    proposed: ProposedPublication,
    content: Content,
    *,
    by: str,
    now: datetime,
) -> ProposedPublication:
    put_in_force(
        database,
        content,
        by=proposed.proposed_by,
        approved_by=by,
        rights=tuple(content["rights"]),
        at=now,
    )
    decided = replace(
        proposed,
        state=PUBLISHED,
        decided_at=now,
        decided_by=by,
        alone=by == proposed.proposed_by,
    )
    publications.decide(database, decided)
    return decided


def _approvers(settings: Configuration) -> frozenset[str]:
    staff = settings.people.values()
    return frozenset(one.name for one in staff if one.active and settings.permits(one, APPROVE))


def _approves_alone(settings: Configuration, name: str) -> bool:
    """Return whether nobody but `name` may approve; the product itself asks nobody."""
    if is_system(name):
        return True
    approvers = _approvers(settings)
    if not approvers:
        template = "nobody may approve it: give somebody a role with '{permission}'"
        raise CommandRefused(reason=message(template, permission=APPROVE))
    return approvers == {name}


def _asked_lately(
    database: Database, settings: Configuration, now: datetime
) -> Mapping[str, datetime]:
    """Return until when those could approve who can no more, of the last days: taking a right away is no second person."""
    answers = command_journal.answers_since(database, SavePerson.__name__, now - STILL_ASKED)
    lost = {said[NO_LONGER]: at for at, said in answers if NO_LONGER in said}
    return {name: lost[name] for name in sorted(lost.keys() - _approvers(settings))}


def _must_be_alone_for_long(
    database: Database, settings: Configuration, proposed: ProposedPublication, now: datetime
) -> None:
    lately = _asked_lately(database, settings, now)
    if lately and not is_system(proposed.proposed_by):
        template = (
            "{people} could approve it until {moment}, and for {days} days after that nobody approves their own;"
            " let somebody else approve it"
        )
        raise _no(
            proposed,
            message(
                template,
                people=list(lately),
                moment=max(lately.values()),
                days=STILL_ASKED.days,
            ),
        )


def _must_be_what_was_seen(proposed: ProposedPublication, digest: str) -> None:
    """Raise PublicationRefused where another content was shown than the one that would be put in force."""
    if digest and not (
        len(digest) >= SHORTEST_DIGEST and proposed.digest.startswith(digest.lower())
    ):
        template = "its digest is {digest}, not the one named; look at it again"
        raise _no(proposed, message(template, digest=proposed.digest[:SHORTEST_DIGEST]))


def _must_be_words(text: str) -> None:
    if fault := words_fault(text):
        raise CommandRefused(reason=fault)


def _must_be_roles(library: Library, content: Content) -> None:
    """Raise CommandRefused where a role proposed would be refused in its file."""
    plugins = library.plugins
    unnamed = installed().keys() - plugins.plugins.keys()
    roles = content["sets"].get("role", {})
    if fault := roles_fault(roles, also=plugins.permissions, unnamed=unnamed):
        raise CommandRefused(reason=fault)


def _common(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the permissions that both of them cover, as patterns."""
    both = {name for name in one if covered(name, other)}
    return sorted(both | {name for name in other if covered(name, one)})


def _rights(settings: Configuration, author: str) -> tuple[str, ...]:
    """Return the permissions that somebody has, in whatever scope, as their roles write them.

    A scope says on which tickets people act by hand; a workflow acts on its own, and these are what is approved.
    """
    if is_system(author):
        return EVERYTHING
    person = settings.people.get(author)
    names = person.roles if person is not None and person.active else ()
    roles = (settings.roles[name] for name in names if name in settings.roles)
    return tuple(
        sorted({one for role in roles for held in role.grants.values() for one in held})
    )


def _must_have_authority(
    author: str,
    rights: tuple[str, ...],
    content: Content,
    changed: Mapping[str, Mapping[str, str]],
) -> None:
    """Raise AuthorityLacking where a version that is not current yet does by itself what its author may not do."""
    lacking = [
        (name, need)
        for name in changed.get("workflow", {})
        for need in needs(data_of(content, name))
        if not covered(need.permission, rights)
    ]
    if lacking:
        first = lacking[0]
        raise AuthorityLacking(
            workflow=first[0],
            author=author,
            first=_spoken(first[1]),
            needs=tuple((name, need.path, _spoken(need)) for name, need in lacking),
        )


def _spoken(need: Need) -> Message:
    template = "'{verb}' ({place}) needs the permission '{permission}'"
    place = ".".join(str(step) for step in need.path)
    return message(template, verb=need.verb, place=place, permission=need.permission)


def _must_still_have_authority(
    settings: Configuration, proposed: ProposedPublication, content: Content
) -> None:
    """Raise unless who proposed it could propose it now: what is approved is theirs, and is capped by their rights."""
    author = proposed.proposed_by
    person = settings.people.get(author)
    if not is_system(author) and (person is None or not person.active):
        template = "{person}, who proposed it, is no longer active; propose it again"
        raise _no(proposed, message(template, person=author))
    _must_have_authority(author, _rights(settings, author), content, proposed.changes)


def _must_leave_somebody(settings: Configuration, content: Content) -> None:
    """Raise CommandRefused where the roles proposed would leave nobody who may change the staff or approve."""
    written = content["sets"].get("role")
    if written is None or not settings.people:
        return
    roles = configuration.roles_of(written)
    for permission in (STAFF, APPROVE):
        staff = [one for one in settings.people.values() if one.active]
        before = any(settings.permits(one, permission) for one in staff)
        after = any(
            roles[role].allows(permission)
            for one in staff
            for role in one.roles
            if role in roles
        )
        if before and not after:
            template = (
                "with these roles nobody would have the permission '{permission}' any more"
            )
            raise CommandRefused(reason=message(template, permission=permission))


def _no(proposed: ProposedPublication, reason: Message) -> PublicationRefused:
    return PublicationRefused(publication=proposed.number, reason=reason)
