"""How the knowledge base stands: what is used, what nobody needs, what is old, and what is missing."""

from collections.abc import Sequence
from typing import Any

from casewright import PluginDesk
from casewright_knowledge import categories, stored, stored_uses
from casewright_knowledge.answers import Need, Nothing, Report, Standing
from casewright_knowledge.moments import DAY, moment_of, number_of
from casewright_knowledge.queries import GetReport
from casewright_knowledge.searching import sees_all
from casewright_knowledge.stored import Stored

LONGEST = 3_650
LARGEST = 500


def report(desk: PluginDesk, query: GetReport) -> Report:
    """Return how the knowledge base stands and was used over some days; articles the actor may not read are in no number."""
    days, limit = max(1, min(query.days, LONGEST)), max(1, min(query.limit, LARGEST))
    since, now = number_of(desk.now - days * DAY), number_of(desk.now)
    mine, values = stored.readable_by(desk.actor.roles, all_of_them=sees_all(desk))
    uses = stored_uses.used_since(desk.store, since, mine, values, limit)

    def listed(condition: str, given: Sequence[Any], order: str) -> tuple[Standing, ...]:
        rows = stored.listed(
            desk.store, f"{mine} AND {condition}", [*values, *given], order=order, limit=limit
        )
        return _standings(desk, rows, uses.most, query.language)

    most = stored.articles(desk.store, list(uses.most))
    by_category = stored_uses.articles_by_category(desk.store, mine, values)
    month = f"{desk.now - days * DAY:%Y-%m}"
    return Report(
        days=days,
        articles=sum(by_category.values()),
        uses=uses.all,
        most_used=_standings(desk, [most[key] for key in uses.most], uses.most, query.language),
        never_used=listed("used = 0 AND published_at < ?", [since], "published_at"),
        stale=listed(
            "((review_due > 0 AND review_due < ?) OR (valid_until <> '' AND valid_until < ?))",
            [now, desk.today.isoformat()],
            "review_due",
        ),
        disliked=listed("not_helped > helped", [], "helped - not_helped"),
        needs=tuple(
            Need(
                called=categories.called(desk, category),
                category=category,
                closed=closed,
                served=served,
                articles=by_category.get(category, 0),
            )
            for category, closed, served in stored_uses.needs(desk.store, month)
            if closed > served
        )[:limit],
        nothing=tuple(
            Nothing(text=text, times=times, last_at=moment_of(last))
            for text, times, last in stored_uses.nothing_found(desk.store, since, limit)
        ),
    )


def _standings(
    desk: PluginDesk, rows: Sequence[Stored], used: dict[str, int], language: str
) -> tuple[Standing, ...]:
    versions = stored.versions(desk.store, {one.article: one.version for one in rows})
    found = []
    for row in rows:
        content = versions[row.article].content
        found.append(
            Standing(
                article=row.article,
                title=content.title(language),
                category=content.category,
                owner=row.owner,
                used=used.get(row.article, 0),
                helped=row.helped,
                not_helped=row.not_helped,
                published_at=moment_of(row.published_at),
                review_due=moment_of(row.review_due),
            )
        )
    return tuple(found)
