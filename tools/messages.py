"""Brings the sentences of the code into the catalogues and compiles these: `make messages`.

Exit 1 when a sentence has no translation, or cannot be found because it is no constant.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from sentences import PACKAGE, collect

CATALOGUE = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "casewright.po"
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in the header: the same code gives the same bytes."""


def read(path: Path = CATALOGUE) -> Catalog:
    """Return the catalogue as it is written."""
    with path.open("rb") as file:
        return read_po(file, locale="zh")


def compiled(catalogue: Catalog) -> bytes:
    """Return the bytes of the `.mo` file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> int:
    """Bring the catalogue up to the code, keep its translations, compile it."""
    found = collect()
    template = Catalog(project="casewright", charset="utf-8", creation_date=ALWAYS)
    for one in found:
        if one.sentence is not None:
            template.add(one.sentence, locations=[(one.file, 0)])
    catalogue = read() if CATALOGUE.exists() else Catalog(locale="zh", charset="utf-8")
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.fuzzy = "casewright", "1", False
    catalogue.creation_date = catalogue.revision_date = ALWAYS
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(read()))
    missing = [str(one.id) for one in catalogue if one.id and not one.string]
    unclear = [f"{one.file}:{one.line}" for one in found if one.sentence is None]
    for line in (
        *(f"no translation: {one}" for one in missing),
        *(f"no constant: {one}" for one in unclear),
    ):
        print(line)
    print(f"{len(catalogue)} sentences, {len(missing)} without translation")
    return 1 if missing or unclear else 0


if __name__ == "__main__":
    sys.exit(main())
