"""`casewright knowledge use`, `rate`, `ask`, `import`, `export`, `rebuild` and `forget`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from casewright import (
    Answer,
    AttachedFile,
    AttachFile,
    CasewrightError,
    Command,
    CommandRefused,
    EditFields,
    FireTransition,
    GetHistory,
    GetTicket,
    Given,
    NotFound,
    OpenTicket,
    Receipt,
    Session,
    Ticket,
    message,
    write_new,
)
from casewright_knowledge import article_files
from casewright_knowledge.answers import Article
from casewright_knowledge.article import PUBLIC
from casewright_knowledge.article_files import Attached, Filed
from casewright_knowledge.commands import (
    WRONG,
    AskToRead,
    ForgetSearch,
    RateArticle,
    RebuildIndex,
    UseArticle,
)
from casewright_knowledge.noun_showing import number
from casewright_knowledge.publishing import ATTACHED
from casewright_knowledge.queries import ExportArticles, GetArticle, GetArticleFile

WORKFLOW = "knowledge"
AT_ONCE = 100
TAKE_OVER, REVISE = "take_over", "revise"
DRAFT, PUBLISHED = "draft", ("published", "due_for_review")
KEPT = ("subject", "audience")
"""Labels that an article always has: those that its files do not say stay as they are."""


def use(session: Session, given: Given) -> Answer:
    """Use an article for a ticket, and print what can be said to the customer."""
    command = UseArticle(
        actor=session.actor,
        ticket=given.needed("ticket"),
        article=given.needed("article"),
        **_again(given),
    )
    receipt: Receipt = session.desk.execute(command)
    found: Article = session.desk.ask(GetArticle(actor=session.actor, article=command.article))
    said = found.reply_zh if session.texts.lang == "zh" else found.reply_en
    note = session.texts.say(
        "{article} is linked to {ticket}.", article=command.article, ticket=command.ticket
    )
    notes = [note]
    if found.content.audience != PUBLIC:
        notes.append(
            session.texts.text("It is for staff: this is not to be said to customers.")
        )
    document = {
        **(receipt.answer or {}),
        "text": said,
        "audience": found.content.audience,
        "repeated": receipt.repeated,
    }
    return Answer(document=document, lines=said.splitlines(), notes=notes)


def file(session: Session, given: Given) -> Answer:
    """Write a file of an article to a new file."""
    query = GetArticleFile(
        actor=session.actor,
        article=given.needed("article"),
        number=number(given, "number", 1),
    )
    found: AttachedFile = session.desk.ask(query)
    place = Path(given.needed("place"))
    target = place if place.is_absolute() else session.folder / place
    write_new(target, found.content)
    said = session.texts.say("{name} is written.", name=found.filename)
    return Answer(
        document={"filename": found.filename, "bytes": len(found.content)}, lines=[said]
    )


def rate(session: Session, given: Given) -> Answer:
    """Say whether an article helped."""
    verdict = given.needed("verdict").replace("-", "_")
    command = RateArticle(
        actor=session.actor,
        article=given.needed("article"),
        verdict=verdict,
        reason=given.text("reason") or "",
        about=given.text("ticket") or "",
        **_again(given),
    )
    receipt: Receipt = session.desk.execute(command)
    answer = dict(receipt.answer or {})
    said = session.texts.text("It is noted.")
    if verdict == WRONG:
        said = session.texts.say(
            "Whoever answers for it is told, by {correction}; you hear when it has changed.",
            correction=answer.get("correction", ""),
        )
    return Answer(document=answer | {"repeated": receipt.repeated}, lines=[said])


def ask(session: Session, given: Given) -> Answer:
    """Ask groups to read an article."""
    command = AskToRead(
        actor=session.actor,
        article=given.needed("article"),
        who=tuple(given.all("who")),
        **_again(given),
    )
    receipt: Receipt = session.desk.execute(command)
    answer = dict(receipt.answer or {})
    said = session.texts.say(
        "{readers} reader(s) are asked to read version {version}.",
        readers=int(answer.get("readers", 0)),
        version=answer.get("version", ""),
    )
    return Answer(document=answer | {"repeated": receipt.repeated}, lines=[said])


def bring_in(session: Session, given: Given) -> Answer:
    """Bring in articles of files: new ones as drafts, those with a key as another draft of theirs."""
    place = Path(given.needed("place"))
    found = article_files.read(place if place.is_absolute() else session.folder / place)
    publish = given.flag("take_over")
    for one in found:
        _must_fit(session, one, publish=publish)
    if given.flag("check"):
        said = session.texts.say("{count} article(s) could be brought in.", count=len(found))
        return Answer(document={"articles": len(found)}, lines=[said])
    keys, new, changed = [], 0, 0
    for one in found:
        key, is_new, is_changed = _brought(session, one)
        keys.append(key)
        new += is_new
        changed += is_changed
        if publish and _of(session, key).state == DRAFT:
            _fire(session, key, TAKE_OVER)
    said = session.texts.say(
        "{count} article(s) brought in: {new} new, {changed} changed, {same} as they were.",
        count=len(keys),
        new=new,
        changed=changed,
        same=len(keys) - new - changed,
    )
    return Answer(document={"articles": keys, "new": new, "changed": changed}, lines=[said])


def export(session: Session, given: Given) -> Answer:
    """Write the published articles that one may read into a folder of Markdown files, or into a CSV file."""
    place = Path(given.needed("place"))
    target = place if place.is_absolute() else session.folder / place
    articles = _all(session)
    listed = [(one.article, one.content, _subject(session, one)) for one in articles]
    if target.suffix.casefold() == ".csv":
        files = {target: _said(article_files.csv_text(listed))}
    else:
        files = {
            target / name: _said(text)
            for key, content, subject in listed
            for name, text in article_files.markdown(key, content, subject)
        }
        files |= {
            target / name: partial(_content, session, key, number)
            for key, content, _ in listed
            for number, name in article_files.places_of(key, content).items()
        }
    _write(target, files)
    said = session.texts.say("{count} article(s) written.", count=len(articles))
    return Answer(document={"articles": len(articles), "files": len(files)}, lines=[said])


def rebuild(session: Session, given: Given) -> Answer:
    """Make the index of all published articles anew, some at a time."""
    after, times = "", 0
    while True:
        command = RebuildIndex(actor=session.actor, after=after)
        after = dict(session.desk.execute(command).answer or {}).get("last", "")
        if not after:
            break
        times += 1
    said = session.texts.text("Articles are found by what means the same now.")
    return Answer(document={"parts": times}, lines=[said])


def forget(session: Session, given: Given) -> Answer:
    """Take what was sought in vain off the list."""
    said = " ".join(given.all("words"))
    session.desk.execute(ForgetSearch(actor=session.actor, text=said))
    return Answer(document={}, lines=[session.texts.text("It is off the list.")])


def _must_fit(session: Session, one: Filed, *, publish: bool) -> None:
    """Refuse before anything is done what could not be opened, changed or published as an article, with where it stands."""
    try:
        if one.key:
            known = _of(session, one.key)
            wanted, missing = _wanted(one, known), _missing(session, one, one.key)
            commands: list[Command] = []
            if (wanted or missing) and known.state in PUBLISHED:
                commands.append(_firing(session, one.key, REVISE))
            if wanted:
                commands.append(_editing(session, one, wanted))
            if publish and (wanted or missing or known.state == DRAFT):
                commands.append(_firing(session, one.key, TAKE_OVER))
            _tried(session, commands)
            return
        (receipt,) = _tried(session, [_opening(session, one)])
        if publish and not receipt.repeated:
            firing = _firing(session, receipt.ticket, TAKE_OVER)
            _tried(session, [_opening(session, one), firing])
    except CasewrightError as error:
        reason = message("{where}: {reason}", where=one.source, reason=error)
        raise CommandRefused(reason=reason) from error


def _tried(session: Session, commands: Sequence[Command]) -> Sequence[Receipt]:
    """Return what would come of commands, none of which holds; what is refused is raised."""
    outcomes = session.desk.together(commands, trial=True) if commands else ()
    for one in outcomes:
        if isinstance(one, CasewrightError):
            raise one
    return [one for one in outcomes if isinstance(one, Receipt)]


def _brought(session: Session, one: Filed) -> tuple[str, bool, bool]:
    """Bring an article in; return its key, and whether it is new or another than it was."""
    if not one.key:
        receipt: Receipt = session.desk.execute(_opening(session, one))
        _attach(session, receipt.ticket, _missing(session, one, receipt.ticket))
        return receipt.ticket, not receipt.repeated, False
    known = _of(session, one.key)
    wanted, missing = _wanted(one, known), _missing(session, one, one.key)
    if not wanted and not missing:
        return one.key, False, False
    if known.state in PUBLISHED:
        _fire(session, one.key, REVISE)
    if wanted:
        session.desk.execute(_editing(session, one, wanted))
    _attach(session, one.key, missing)
    return one.key, False, True


def _missing(session: Session, one: Filed, key: str) -> list[Attached]:
    """Return the files of an article that its ticket has not; what is attached to that besides stays there."""
    if not one.attached:
        return []
    history = session.desk.ask(GetHistory(actor=session.actor, ticket=key))
    there = {event.private.get("content") for event in history if event.kind == ATTACHED}
    return [each for each in one.attached if each.digest not in there]


def _attach(session: Session, key: str, files: Sequence[Attached]) -> None:
    for one in files:
        content = one.content()
        command = AttachFile(
            actor=session.actor,
            ticket=key,
            digest=one.digest,
            filename=one.path.name,
            size=len(content),
        )
        session.desk.keep(content, asked=command)
        session.desk.execute(command)


def _wanted(one: Filed, known: Ticket) -> dict[str, Any]:
    """Return the fields in which an article is another than its files say; a label that they do not say is taken away."""
    said = {name: None for name in article_files.LABELS if name not in KEPT} | dict(one.fields)
    return {
        name: value
        for name, value in said.items()
        if value != known.fields.get(name) and (value or known.fields.get(name))
    }


def _of(session: Session, key: str) -> Ticket:
    found: Ticket = session.desk.ask(GetTicket(actor=session.actor, ticket=key))
    return found


def _opening(session: Session, one: Filed) -> Command:
    return OpenTicket(
        actor=session.actor,
        workflow=WORKFLOW,
        fields=dict(one.fields),
        command_id=one.command_id(session.actor),
    )


def _editing(session: Session, one: Filed, wanted: dict[str, Any]) -> Command:
    return EditFields(actor=session.actor, ticket=one.key, fields=wanted)


def _firing(session: Session, key: str, transition: str) -> Command:
    return FireTransition(actor=session.actor, ticket=key, transition=transition)


def _fire(session: Session, ticket: str, transition: str) -> None:
    session.desk.execute(_firing(session, ticket, transition))


def _all(session: Session) -> list[Article]:
    found: list[Article] = []
    after = ""
    while part := session.desk.ask(
        ExportArticles(actor=session.actor, after=after, limit=AT_ONCE)
    ):
        found += part
        after = part[-1].article
    return found


def _subject(session: Session, one: Article) -> str:
    """Return the working title of an article; whoever does not edit it has none but its title."""
    try:
        return str(_of(session, one.article).fields.get("subject") or "")
    except NotFound:
        return one.content.title("zh")[:80]


def _said(text: str) -> Callable[[], bytes]:
    return text.encode


def _content(session: Session, key: str, number: int) -> bytes:
    query = GetArticleFile(actor=session.actor, article=key, number=number)
    found: AttachedFile = session.desk.ask(query)
    return found.content


def _write(target: Path, files: Mapping[Path, Callable[[], bytes]]) -> None:
    """Write new files; CommandRefused where one is there already, before anything is written."""
    for path in files:
        if path.exists():
            raise CommandRefused(reason=message("'{file}' is there already", file=path.name))
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as out:
                out.write(content())
    except OSError as error:
        problem = error.strerror or ""
        reason = message(
            "'{file}' cannot be written ({problem})", file=target.name, problem=problem
        )
        raise CommandRefused(reason=reason) from None


def _again(given: Given) -> dict[str, str]:
    identity = given.text("id")
    return {} if identity is None else {"command_id": identity}
