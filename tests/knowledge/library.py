"""A workspace with a knowledge base: short words for what people do with articles."""

import shutil
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from threading import Event as Stop
from typing import Any

from casewright.cli.founding import make_workspace
from casewright.clock import Clock
from casewright.commands import AttachFile, CastVote, FireTransition, OpenTicket, SavePerson
from casewright.config import read_config
from casewright.desk import Desk, migrate_plugins, open_desk, publish
from casewright.model import SYSTEM, Ticket
from casewright.queries import GetTicket, VerifyAudit
from casewright.worker.loop import Worker
from casewright_knowledge.answers import Found, Hit
from casewright_knowledge.commands import UseArticle
from casewright_knowledge.queries import GetArticle, SearchArticles, SuggestArticles
from casewright_knowledge.starter import starters
from casewright_knowledge.synonyms_file import starter

EDITOR, OTHER_EDITOR, MANAGER, AGENT = "zhou_qiang", "he_ping", "tao_jing", "chen_jing"
VIP_AGENT = "li_na"


def founded(folder: Path) -> Path:
    """Make a workspace of the demonstration with the plugin adopted and published, and return it."""
    make_workspace(folder, admin="root", people=True)
    settings = folder / "casewright.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'load = ["routing"]' in text
    settings.write_text(
        text.replace('load = ["routing"]', 'load = ["routing", "knowledge"]'), encoding="utf-8"
    )
    for one in starters():
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.content, encoding="utf-8")
    (folder / "synonyms.yaml").write_text(starter(), encoding="utf-8")
    roles = folder / "roles.yaml"
    roles.write_text(
        roles.read_text(encoding="utf-8")
        + "  vip_agent: {title: {en: VIP agent, zh: VIP 座席}, permissions: [knowledge.read]}\n",
        encoding="utf-8",
    )
    config = read_config(folder)
    migrate_plugins(config)
    with open_desk(config) as desk:
        publish(desk, folder, [folder / "workflows"], actor=SYSTEM)
        desk.execute_as_system(
            SavePerson(
                actor=SYSTEM, name=VIP_AGENT, en="Li Na", zh="李娜", roles=("agent", "vip_agent"), team="front_1",
                department="contact_centre", queues=("inquiries", "services"),
            )
        )  # fmt: skip
    return folder


class Library:
    """A desk with a knowledge base."""

    def __init__(self, template: Path, root: Path, clock: Clock | None = None) -> None:
        shutil.copytree(template, root)
        self.root = root
        self.config = read_config(root)
        self.desk: Desk = open_desk(self.config, clock=clock)

    def publish(self) -> None:
        """Publish what stands in the workspace's files."""
        publish(self.desk, self.root, [self.root / "workflows"], actor=SYSTEM)

    def draft(self, who: str = EDITOR, **fields: Any) -> str:
        """Open an article; what is not given is filled in."""
        said = {"subject": "Article", "audience": "staff", **fields}
        if "title_zh" not in said and "title_en" not in said:
            said["title_en"] = said["subject"]
        command = OpenTicket(actor=who, workflow="knowledge", fields=said)
        return self.desk.execute(command).ticket

    def fire(
        self, key: str, transition: str, who: str = EDITOR, reason: str = "", **form: Any
    ) -> None:
        """Take a transition."""
        self.desk.execute(
            FireTransition(
                actor=who, ticket=key, transition=transition, form=form, reason=reason
            )
        )

    def published(self, **fields: Any) -> str:
        """Bring an article all the way: written, reviewed by another, approved, published."""
        key = self.draft(**fields)
        self.bring(key)
        return key

    def attach(self, key: str, name: str, content: bytes, who: str = EDITOR) -> str:
        """Attach a file to an article; return its digest."""
        asked = AttachFile(
            actor=who,
            ticket=key,
            filename=name,
            digest=sha256(content).hexdigest(),
            size=len(content),
        )
        digest = self.desk.keep(content, asked=asked)
        self.desk.execute(asked)
        return digest

    def bring(self, key: str, note: str = "") -> None:
        """Bring a draft to publication."""
        self.fire(key, "submit")
        self.fire(key, "pass", OTHER_EDITOR)
        self.desk.execute(CastVote(actor=MANAGER, ticket=key, grant=True))
        self.fire(key, "publish", change_note=note)

    def taken_over(self, articles: Iterable[dict[str, Any]]) -> list[str]:
        """Bring in many articles that were approved elsewhere."""
        found: list[str] = []
        listed = list(articles)
        for begin in range(0, len(listed), 200):
            with self.desk.batch():
                for fields in listed[begin : begin + 200]:
                    key = self.draft(MANAGER, **fields)
                    self.fire(key, "take_over", MANAGER)
                    found.append(key)
        return found

    def search(self, text: str, who: str = AGENT, **narrowed: Any) -> Found:
        """Search."""
        found: Found = self.desk.ask(SearchArticles(actor=who, text=text, **narrowed))
        return found

    def keys(self, text: str, who: str = AGENT, **narrowed: Any) -> list[str]:
        """Return what a search finds, by key."""
        return [one.article for one in self.search(text, who, **narrowed).hits]

    def exact(self, text: str, who: str = AGENT) -> list[str]:
        """Return in which articles all of a text stands as written."""
        return [one.article for one in self.search(text, who).hits if one.exact]

    def suggest(self, ticket: str, who: str = AGENT, **more: Any) -> tuple[Hit, ...]:
        """Return what fits a ticket."""
        found: tuple[Hit, ...] = self.desk.ask(
            SuggestArticles(actor=who, ticket=ticket, **more)
        )
        return found

    def article(self, key: str, who: str = AGENT, version: int = 0) -> Any:
        """Return an article."""
        return self.desk.ask(GetArticle(actor=who, article=key, version=version))

    def inquiry(self, subject: str, question: str = "", who: str = AGENT, **fields: Any) -> str:
        """Open an inquiry."""
        said = {"subject": subject, "question": question or subject, **fields}
        return self.desk.execute(
            OpenTicket(actor=who, workflow="inquiry", fields=said, channel="call")
        ).ticket

    def use(self, ticket: str, article: str, who: str = AGENT) -> None:
        """Use an article for a ticket."""
        self.desk.execute(UseArticle(actor=who, ticket=ticket, article=article))

    def ticket(self, key: str, who: str = "root") -> Ticket:
        """Return a ticket."""
        return self.desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key))

    def is_whole(self) -> bool:
        """Whether all that is on record is as it was written."""
        return bool(self.desk.ask_as_system(VerifyAudit(actor=SYSTEM)).ok)

    def work(self) -> None:
        """Let a worker do all that there is to do now."""
        working = self.desk.working()
        worker = Worker(working, {}, holder="one", tell=lambda line: None, stop=Stop())
        worker.run(once=True)

    def close(self) -> None:
        """Close the desk."""
        self.desk.close()
