"""One form as a customer sent it: its values, its files, and everything that is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from casewright.errors import Message, message
from casewright.intake.arrival import Arrival, Attached
from casewright.model import Identity
from casewright.pages import entered
from casewright.pages.form_page import KEPT, KEY, TRAP, Kept
from casewright.pages.links import Sealer
from casewright.server.outside.form_body import Sent, SentFile
from casewright.server.outside.published import Published
from casewright.swift_dataclass import dataclass
from casewright.visible import visible

FORM, FILE = "form", "file"
"""What a sealed text is for: the key of a form, a file that waits in it."""
KEY_VALID = timedelta(hours=12)
LONGEST_FILENAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What was sent with a form, judged: `key` is its own id, `kept` the files, `faults` by field, `wrong` the rest."""

    key: str
    values: Mapping[str, Any]
    faults: Mapping[str, Message]
    wrong: tuple[Message, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not (self.faults or self.wrong)


def judged(
    published: Published,
    sent: Sent,
    sealer: Sealer,
    *,
    now: datetime,
    zone: tzinfo,
    least: timedelta,
) -> Submission:
    """Return what was sent, and what is wrong with it; files are judged when they are kept."""
    page, form = published.page, published.form
    asked = [name for name in page.fields if name in form.fields]
    values, unreadable = entered.values_of(form, asked, sent.texts, zone)
    stopped = dict(unreadable)
    found = entered.faults_of(form, asked, values, page.always)
    unknown = entered.unknown_keys(form, values, published.tables)
    faults = {
        name: fault for name, fault in (*unknown, *found) if name not in stopped
    } | stopped
    key, wrong = _key(sealer, page.name, sent, now, least)
    return Submission(key=key, values=values, faults=faults, wrong=wrong)


def new_key(sealer: Sealer, page: str, chance: str, now: datetime) -> str:
    """Return what makes a form of this page be sent once."""
    return sealer.sealed(FORM, {"p": page, "k": chance}, now=now, valid=KEY_VALID)


def _key(
    sealer: Sealer, page: str, sent: Sent, now: datetime, least: timedelta
) -> tuple[str, tuple[Message, ...]]:
    """Return the id that a form was sent with, and what is suspicious about it."""
    if sent.first(TRAP):
        return "", (message("one field is for nobody: leave it empty, and send it once more"),)
    opened = sealer.opened(FORM, sent.first(KEY), now=now)
    if opened is None or opened.over or opened.about.get("p") != page:
        return "", (message("this page was open for too long: please send it once more"),)
    if now - opened.made_at < least:
        return "", (
            message("that was very quick: please look through it and send it once more"),
        )
    return opened.about["k"], ()


# --- files -------------------------------------------------------------------------------------


def waiting(sealer: Sealer, sent: Sent, page: str, now: datetime) -> list[Attached]:
    """Return the files that were sent with an earlier attempt and are kept."""
    found = []
    for sealed in sent.texts.get(KEPT, ()):
        opened = sealer.opened(FILE, sealed, now=now)
        if opened is not None and not opened.over and opened.about.get("p") == page:
            about = opened.about
            found.append(Attached(digest=about["d"], filename=about["n"], size=int(about["s"])))
    return found


def file_fault(published: Published, files: Sequence[SentFile], kept: int) -> Message | None:
    """Return what is wrong with the files, the first fault of all, or None."""
    allowed = published.page.files
    if len(files) + kept > allowed.most:
        return message("at most {count} files are taken", count=allowed.most)
    for one in files:
        name = tidy_name(one.filename)
        if name.rpartition(".")[2].lower() not in allowed.types or "." not in name:
            template = "“{file}” is of no kind that is taken: {types}"
            return message(template, file=name, types=list(allowed.types))
        if one.size > allowed.largest:
            template = "“{file}” is larger than {size} MB"
            return message(template, file=name, size=f"{allowed.largest / 1024 / 1024:g}")
        if not one.size:
            return message("“{file}” is empty", file=name)
    return None


def tidy_name(filename: str) -> str:
    """Return what a file is called, without the folders that some browsers tell and what nobody sees."""
    last = re.split(r"[/\\]", filename)[-1]
    return visible(last).replace("\n", " ").replace("\t", " ").strip()[-LONGEST_FILENAME:]


def sealed_files(
    sealer: Sealer, files: Iterable[Attached], page: str, now: datetime
) -> list[Kept]:
    """Return files as a form carries them on to the next attempt."""
    return [
        Kept(
            filename=one.filename,
            size=one.size,
            sealed=sealer.sealed(
                FILE,
                {"d": one.digest, "n": one.filename, "s": str(one.size), "p": page},
                now=now,
                valid=KEY_VALID,
            ),
        )
        for one in files
    ]


# --- what comes of it --------------------------------------------------------------------------


def arrival_of(
    published: Published,
    submission: Submission,
    files: Sequence[Attached],
    *,
    language: str,
    now: datetime,
) -> Arrival:
    """Return a form as it comes in."""
    page, values = published.page, submission.values
    identities = [
        Identity(kind=kind, value=str(values[name]))
        for kind, name in page.sender.items()
        if kind != "name" and name in values
    ]
    long = [
        str(values[name])
        for name in page.fields
        if name in values and published.form.fields[name].widget == "long"
    ]
    return Arrival(
        channel=page.channel,
        kind="form",
        id=submission.key,
        at=now,
        sender=tuple(identities),
        name=str(values.get(page.sender.get("name", ""), "")),
        subject=str(values.get("subject", page.title.of(language))),
        text="\n\n".join(long),
        language=language,
        fields={**values, **page.always},
        attachments=tuple(files),
        answerable=next((one.value for one in identities if one.kind == "email"), ""),
    )
