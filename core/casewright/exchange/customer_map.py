"""Which column of a file of customers says what: the map beside it, read and checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from casewright import strict_yaml
from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import Message, Problem, ProblemsFound, message
from casewright.nearest import hint
from casewright.swift_dataclass import dataclass

ATTRIBUTES = (
    "id", "name", "kind", "client", "tier", "brand", "language", "phone", "email", "tags",
)  # fmt: skip
"""What a column may say of a customer."""
WORDS = ("columns", "identities", "values", "always", "separator")
IDENTITY_WORDS = ("column", "key")
KEYS_OF_OWN = ("phone", "email")

EXAMPLE = """\
# Which column of the file says what. 文件的哪一列是什么。
columns:
  id: 客户编号              # leave it out where customers are told by a key below 没有编号时用下面的 key
  name: 姓名
  kind: 类型                # end or client 下游客户或上游客户
  client: 委托方            # the id of the client organisation 上游客户的编号
  tier: 等级
  brand: 品牌
  language: 语言
  phone: 手机               # as people type it 按习惯书写即可
  email: 邮箱
  tags: 标签

# Further numbers, addresses and ids of other systems. A key tells the customer where a line has no id.
# 其他号码、邮箱和外部系统的编号；没有客户编号时由 key 识别客户。
identities:
  crm: {column: CRM 编号, key: true}
  phone: {column: 其他号码}

# What the file's words stand for. 文件用词与系统用词的对应。
values:
  kind: {个人: end, 企业: client}
  tier: {贵宾: vip, 普通: ""}

# What holds for every line that says nothing else. 未填写时的取值。
always:
  language: zh

# Between several tags or numbers in one cell. 一格中多个标签或号码之间的分隔符。
separator: ";"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMap:
    """Columns by attribute and by kind of identity; what words stand for; what holds where nothing is said."""

    columns: Mapping[str, str] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    separator: str = ";"

    @property
    def named(self) -> Iterator[str]:
        """The columns that the file must have."""
        yield from dict.fromkeys((*self.columns.values(), *self.identities.values()))


def read_map(path: Path) -> CustomerMap:
    """Return the map; ProblemsFound with everything wrong with it, YamlRefused, FileUnreadable."""
    document = strict_yaml.load_file(path)
    problems = sorted(_problems(document), key=lambda one: one.place)
    if problems:
        raise ProblemsFound.of(problems)
    data: Mapping[str, Any] = document.data
    identities = data.get("identities", {})
    return CustomerMap(
        columns=data.get("columns", {}),
        identities={kind: _column(one) for kind, one in identities.items() if _column(one)},
        keys=tuple(kind for kind, one in identities.items() if _is_key(one)),
        values=data.get("values", {}),
        always=data.get("always", {}),
        separator=data.get("separator", ";"),
    )


def _column(identity: str | Mapping[str, Any]) -> str:
    return identity if isinstance(identity, str) else str(identity.get("column", ""))


def _is_key(identity: str | Mapping[str, Any]) -> bool:
    return not isinstance(identity, str) and identity.get("key") is True


def _problems(document: Document) -> Iterator[Problem]:
    data = document.data
    if not isinstance(data, dict):
        yield _wrong(document, (), message("write 'columns:' and below it 'name: a column'"))
        return
    yield from _unknown(document, (), data, WORDS)
    for name in ("columns", "always"):
        yield from _texts(document, (name,), data.get(name, {}))
    yield from _identities(document, data.get("identities", {}), data.get("columns", {}))
    values = data.get("values", {})
    if not isinstance(values, dict):
        yield _wrong(document, ("values",), message("a mapping is expected here"))
        values = {}
    yield from _unknown(document, ("values",), values, ATTRIBUTES)
    for name, words in values.items():
        yield from _texts(document, ("values", name), words, known=None)
    separator = data.get("separator", ";")
    if not isinstance(separator, str) or not 1 <= len(separator) <= 3:
        reason = message('a separator is one to three characters, such as ";"')
        yield _wrong(document, ("separator",), reason)
    if not _tells_customers(data):
        reason = message("name the column of the id, or an identity with 'key: true'")
        yield _wrong(document, (), reason)


def _identities(document: Document, data: Any, columns: Any) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield _wrong(document, ("identities",), message("a mapping is expected here"))
        return
    for kind, one in data.items():
        path: DocumentPath = ("identities", kind)
        shape = message("write the column, and 'key: true' where it tells the customer")
        if isinstance(one, dict):
            yield from _unknown(document, path, one, IDENTITY_WORDS)
            if not isinstance(one.get("key", True), bool):
                yield _wrong(document, (*path, "key"), shape)
        own = kind in KEYS_OF_OWN and isinstance(columns, dict) and kind in columns
        column = one.get("column", "" if own else None) if isinstance(one, dict) else one
        if not isinstance(column, str) or not (column or own):
            yield _wrong(document, path, shape)


def _texts(
    document: Document,
    path: DocumentPath,
    data: Any,
    known: Sequence[str] | None = ATTRIBUTES,
) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield _wrong(document, path, message("a mapping is expected here"))
        return
    if known is not None:
        yield from _unknown(document, path, data, known)
    for name, value in data.items():
        if not isinstance(value, str) or (known is not None and not value):
            reason = message("a text is expected here; quote it")
            yield _wrong(document, (*path, name), reason)


def _tells_customers(data: Mapping[str, Any]) -> bool:
    columns, identities = data.get("columns"), data.get("identities")
    keyed = isinstance(identities, dict) and any(map(_is_key, _mappings(identities)))
    return keyed or (isinstance(columns, dict) and "id" in columns)


def _mappings(identities: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (one for one in identities.values() if isinstance(one, dict))


def _unknown(
    document: Document, path: DocumentPath, data: Mapping[str, Any], known: Sequence[str]
) -> Iterator[Problem]:
    for word in data:
        if word not in known:
            reason = message("unknown word '{word}'{hint}", word=word, hint=hint(word, known))
            place = document.key_place((*path, word))
            yield Problem(code="customer_map.refused", message=reason, place=place)


def _wrong(document: Document, path: DocumentPath, reason: Message) -> Problem:
    return Problem(code="customer_map.refused", message=reason, place=document.place(path))
