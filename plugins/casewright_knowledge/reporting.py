"""How the knowledge base stands: what is used, what nobody needs, what is old, and what is missing."""

from collections import Counter

from casewright import PluginDesk
from casewright_knowledge import stored, stored_uses
from casewright_knowledge.answers import Need, Nothing, Report, Standing
from casewright_knowledge.article import may_read
from casewright_knowledge.moments import DAY, moment_of, number_of
from casewright_knowledge.queries import GetReport
from casewright_knowledge.searching import sees_all
from casewright_knowledge.stored import Stored, StoredVersion

LONGEST = 3_650
LARGEST = 500
_PART = 500


def report(desk: PluginDesk, query: GetReport) -> Report:
    """Return how the knowledge base stands and was used over some days; articles the actor may not read are in no number."""
    days, limit = max(1, min(query.days, LONGEST)), max(1, min(query.limit, LARGEST))
    since = desk.now - days * DAY
    used = stored_uses.used_since(desk.store, number_of(since))
    found = _readable(desk)
    by_category = Counter(version.content.category for _, version in found)
    now = number_of(desk.now)

    def listed(rows: list[tuple[Stored, StoredVersion]]) -> tuple[Standing, ...]:
        return tuple(
            _standing(row, version, used.get(row.article, 0), query.language)
            for row, version in rows[:limit]
        )

    most = [one for one in found if used.get(one[0].article)]
    most.sort(key=lambda one: (-used[one[0].article], one[0].article))
    never = [one for one in found if not one[0].used and one[0].published_at < number_of(since)]
    stale = [
        one
        for one in found
        if (one[0].review_due and one[0].review_due < now) or not one[1].holds(desk.now.date())
    ]
    disliked = [one for one in found if one[0].not_helped > one[0].helped]
    disliked.sort(key=lambda one: (one[0].helped - one[0].not_helped, one[0].article))
    return Report(
        days=days,
        articles=len(found),
        uses=sum(used.get(row.article, 0) for row, _ in found),
        most_used=listed(most),
        never_used=listed(sorted(never, key=lambda one: one[0].published_at)),
        stale=listed(sorted(stale, key=lambda one: one[0].review_due)),
        disliked=listed(disliked),
        needs=tuple(
            Need(
                category=category, closed=closed, served=served, articles=by_category[category]
            )
            for category, closed, served in stored_uses.needs(desk.store, f"{since:%Y-%m}")
            if closed > served
        )[:limit],
        nothing=tuple(
            Nothing(text=text, times=times, last_at=moment_of(last))
            for text, times, last in stored_uses.nothing_found(
                desk.store, number_of(since), limit
            )
        ),
    )


def _readable(desk: PluginDesk) -> list[tuple[Stored, StoredVersion]]:
    everything, roles = sees_all(desk), desk.actor.roles
    found: list[tuple[Stored, StoredVersion]] = []
    after = ""
    while rows := stored.published(desk.store, after, _PART):
        after = rows[-1].article
        versions = stored.versions(desk.store, {one.article: one.version for one in rows})
        found += [
            (row, versions[row.article])
            for row in rows
            if may_read(versions[row.article].content, roles, all_of_them=everything)
        ]
    return found


def _standing(row: Stored, version: StoredVersion, used: int, language: str) -> Standing:
    return Standing(
        article=row.article,
        title=version.content.title(language),
        category=version.content.category,
        owner=row.owner,
        used=used,
        helped=row.helped,
        not_helped=row.not_helped,
        published_at=moment_of(row.published_at),
        review_due=moment_of(row.review_due),
    )
