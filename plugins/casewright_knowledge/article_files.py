"""Articles as files: Markdown with what labels them before it, one file for each language, or the rows of a CSV.

What is attached to an article stands beside its Markdown, whose `files` name it.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from casewright import CasewrightError, CommandRefused, message, parse_yaml, read_file
from casewright_knowledge.article import FIELDS, FILES, Content, to_data

KEY, LANGUAGE, TITLE, SUBJECT = "key", "language", "title", "subject"
LISTS = ("tags", "products", "roles", "questions", "work")
LABELS = (SUBJECT, "category", *LISTS, "audience", "valid_from", "valid_until")
COLUMNS = (KEY, SUBJECT, *FIELDS)
LARGEST = 4 * 1024 * 1024
"""Octets of a file."""
LARGEST_ATTACHED = 50 * 1024 * 1024
"""Octets of a file that is attached; the desk takes none that is larger."""
MOST_FILES = 20_000
_SEPARATOR = "---"
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet would compute."""
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that belongs to an article: where it lies, how it is called, and the SHA-256 of what is in it."""

    path: Path
    digest: str

    def content(self) -> bytes:
        """Return what is in it; CommandRefused where that has changed since it was looked at."""
        found = read_file(self.path, limit=LARGEST_ATTACHED, file=self.path.name)
        if sha256(found).hexdigest() != self.digest:
            raise _refused(self.path.name, message("it has just been changed; try again"))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """An article out of files: the key that it has here already, "" for a new one, what its form is filled with, and its files."""

    source: str
    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    attached: tuple[Attached, ...] = ()

    def command_id(self, actor: str) -> str:
        """Return an id that is the same as long as the files say the same, so that somebody who imports them again does nothing twice."""
        said = json.dumps([actor, self.source, self.key, dict(self.fields)], sort_keys=True)
        return blake2b(said.encode(), digest_size=16).hexdigest()


def read(place: Path) -> list[Filed]:
    """Return the articles of a folder of Markdown files, or of a CSV file; CommandRefused says which file is wrong and why."""
    if place.is_dir():
        return list(_of_folder(place))
    if place.suffix.casefold() == ".csv":
        return list(_of_csv(place))
    raise _refused(place.name, message("a folder of .md files belongs here, or a .csv file"))


def places_of(key: str, content: Content) -> dict[int, str]:
    """Return where the files that are attached to an article are written, beside its Markdown, by their numbers."""
    found: dict[int, str] = {}
    for each in content.files:
        number, _, name = each.split(" ", 2)
        plain = "".join(filter(str.isprintable, name.replace("\\", "/").rpartition("/")[2]))
        plain = f"file-{number}" if plain.strip(". ") == "" else plain
        taken = {one.casefold() for one in found.values()}
        place = f"{key}/{plain}"
        found[int(number)] = f"{key}/{number}/{plain}" if place.casefold() in taken else place
    return found


def markdown(key: str, content: Content, subject: str) -> Iterator[tuple[str, str]]:
    """Yield the files of an article: their names and what they say."""
    data = {**to_data(content), FILES: list(places_of(key, content).values())}
    for language in _LANGUAGES:
        title, body = data.get(f"title_{language}", ""), data.get(f"body_{language}", "")
        if not title and not body:
            continue
        head = [f"{KEY}: {_yaml(key)}", f"{LANGUAGE}: {language}", f"{TITLE}: {_yaml(title)}"]
        head.append(f"{SUBJECT}: {_yaml(subject)}")
        head += [f"{name}: {_yaml(data[name])}" for name in (*LABELS, FILES) if data.get(name)]
        text = "\n".join([_SEPARATOR, *head, _SEPARATOR, "", body.rstrip("\n"), ""])
        yield f"{key}.{language}.md", text


def csv_text(articles: Iterable[tuple[str, Content, str]]) -> str:
    """Return articles as CSV, with a mark by which spreadsheets know that it is UTF-8; lists are separated by semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for key, content, subject in articles:
        data = {KEY: key, SUBJECT: subject, **to_data(content)}
        writer.writerow([_cell(data.get(name, "")) for name in COLUMNS])
    return "\ufeff" + out.getvalue()


def _of_folder(folder: Path) -> Iterator[Filed]:
    paths = sorted(path for path in folder.rglob("*.md") if path.is_file())
    if not paths:
        raise _refused(folder.name, message("there is no .md file in it"))
    if len(paths) > MOST_FILES:
        raise _refused(
            folder.name, message("there are more than {most} files", most=MOST_FILES)
        )
    together: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        head, body = _parted(name, _text(path, name))
        language = str(head.pop(LANGUAGE, "") or _language_of(name))
        if language not in _LANGUAGES:
            reason = message("say which language it is in: 'language: zh' or 'language: en'")
            raise _refused(name, reason)
        attached = _attached(folder, path, name, head.pop(FILES, None))
        fields = {**_labelled(name, head), FILES: attached}
        fields[f"title_{language}"] = str(head.get(TITLE) or "")
        fields[f"body_{language}"] = body
        together.setdefault(_stem(name), []).append((name, {KEY: head.get(KEY), **fields}))
    for stem, parts in together.items():
        yield _joined(stem, parts)


def _joined(stem: str, parts: Sequence[tuple[str, dict[str, Any]]]) -> Filed:
    fields: dict[str, Any] = {}
    for name, part in parts:
        for word, value in part.items():
            if word in fields and fields[word] != value and (word != FILES or value):
                reason = message("its '{word}' is not that of the other language", word=word)
                raise _refused(name, reason)
            if value not in (None, "", [], ()):
                fields[word] = value
    return _filed(stem, fields)


def _of_csv(path: Path) -> Iterator[Filed]:
    rows = csv.DictReader(io.StringIO(_text(path, path.name), newline=""), strict=True)
    if not rows.fieldnames:
        raise _refused(path.name, message("it is empty"))
    strange = sorted(set(rows.fieldnames or ()) - set(COLUMNS))
    if strange:
        reason = message("it has columns that are none of an article: {names}", names=strange)
        raise _refused(path.name, reason)
    for where, row in _rows(path.name, rows):
        if None in row:
            raise _refused(where, message("the row has more cells than there are columns"))
        fields: dict[str, Any] = {
            str(name): _plain(str(value).strip())
            for name, value in row.items()
            if str(value or "").strip()
        }
        for name in LISTS:
            if name in fields:
                parts = str(fields[name]).replace("；", ";").split(";")
                fields[name] = [one.strip() for one in parts if one.strip()]
        yield _filed(where, fields)


def _rows(
    name: str, rows: "csv.DictReader[str]"
) -> Iterator[tuple[str, dict[str | None, Any]]]:
    """Yield where each row stands, and the row."""
    before = rows.line_num
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            reason = message("a cell has no end: the quotation mark that ends it is missing")
            raise _refused(f"{name}:{before + 1}", reason) from None
        if row is None:
            return
        yield f"{name}:{before + 1}", row
        before = rows.line_num


def _filed(source: str, fields: dict[str, Any]) -> Filed:
    key, attached = str(fields.pop(KEY, "") or ""), fields.pop(FILES, ())
    title = fields.get("title_zh") or fields.get("title_en")
    if not title:
        raise _refused(source, message("it has no title"))
    if not key:
        fields.setdefault(SUBJECT, str(title)[:80])
        fields.setdefault("audience", "staff")
    return Filed(source=source, key=key, fields=fields, attached=attached)


def _attached(folder: Path, article: Path, name: str, named: Any) -> tuple[Attached, ...]:
    """Return the files that a Markdown file names, which have to lie in the folder that is brought in."""
    if named in (None, ""):
        return ()
    if not isinstance(named, list):
        raise _refused(name, message("'{word}' is a list", word=FILES))
    found = []
    for each in map(str, named):
        path = article.parent / each
        if not path.resolve().is_relative_to(folder.resolve()):
            reason = message("'{file}' is not in the folder that is brought in", file=each)
            raise _refused(name, reason)
        try:
            content = read_file(path, limit=LARGEST_ATTACHED, file=each)
        except CasewrightError as error:
            raise _refused(name, error) from error
        if len(content) > LARGEST_ATTACHED:
            megabytes = LARGEST_ATTACHED // 1024 // 1024
            reason = message("'{file}' is larger than {limit} MB", file=each, limit=megabytes)
            raise _refused(name, reason)
        found.append(Attached(path=path, digest=sha256(content).hexdigest()))
    return tuple(found)


def _parted(name: str, text: str) -> tuple[dict[str, Any], str]:
    """Return what stands before a text between two lines of dashes, and the text."""
    lines = text.split("\n")
    if lines[0].strip() != _SEPARATOR:
        raise _refused(
            name, message("it begins with a line '---', then 'title: ...', and '---' again")
        )
    try:
        end = next(at for at, line in enumerate(lines[1:], 1) if line.strip() == _SEPARATOR)
    except StopIteration:
        raise _refused(
            name, message("what stands before its text has no end: a line '---'")
        ) from None
    data = parse_yaml("\n" + "\n".join(lines[1:end]), file=name).data
    if not isinstance(data, dict):
        raise _refused(name, message("before its text stand lines such as 'title: ...'"))
    return data, "\n".join(lines[end + 1 :]).strip("\n")


def _labelled(name: str, head: Mapping[str, Any]) -> dict[str, Any]:
    known = (*LABELS, TITLE, KEY)
    for word, value in head.items():
        if word not in known:
            reason = message("'{word}' is nothing that an article has", word=str(word))
            raise _refused(name, reason)
        if word in LISTS and not isinstance(value, list):
            raise _refused(name, message("'{word}' is a list", word=word))
        if word not in LISTS and isinstance(value, list | dict):
            raise _refused(name, message("'{word}' is a text", word=word))
    return {
        word: [str(one) for one in head[word]] if word in LISTS else str(head[word])
        for word in LABELS
        if head.get(word) not in (None, "", [])
    }


def _text(path: Path, name: str) -> str:
    octets = read_file(path, limit=LARGEST, file=name)
    try:
        return octets.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _refused(name, message("it is not UTF-8")) from None


def _stem(name: str) -> str:
    plain = name.removesuffix(".md")
    return plain[:-3] if plain[-3:] in (".zh", ".en") else plain


def _language_of(name: str) -> str:
    ending = name.removesuffix(".md")[-3:]
    return ending[1:] if ending in (".zh", ".en") else ""


def _yaml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> str:
    """Return a cell; one that a spreadsheet would compute is marked as text."""
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text[:1] in _COMPUTED else text


def _plain(text: str) -> str:
    """Return what a cell says, without the mark that it is text."""
    return text[1:] if text[:1] == "'" and text[1:2] in _COMPUTED else text


def _refused(where: str, reason: Any) -> CasewrightError:
    return CommandRefused(reason=message("{where}: {reason}", where=where, reason=reason))
