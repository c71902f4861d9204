"""What categories are called, and in which others they are, as the workspace's tables say."""

from collections.abc import Iterator

from casewright import SYSTEM, Bilingual, GetTables, PluginDesk


def called(desk: PluginDesk, key: str) -> Bilingual:
    """Return what a category is called; its key, where no table has it."""
    for table in desk.ask(GetTables(actor=SYSTEM)).values() if key else ():
        if key in table.labels:
            label: Bilingual = table.labels[key]
            return label
    return Bilingual(en=key, zh=key)


def wider(desk: PluginDesk, key: str) -> Iterator[str]:
    """Yield the categories in which a category is, the nearest first."""
    for table in desk.ask(GetTables(actor=SYSTEM)).values() if key else ():
        above, seen = table.parents.get(key), {key}
        while above and above not in seen:
            seen.add(above)
            yield above
            above = table.parents.get(above)
