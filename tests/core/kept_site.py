"""A small workspace with a worker that somebody may back up: its settings are in a file, so that it can be restored."""

from collections.abc import Sequence
from pathlib import Path

from casewright.clock import SetClock
from casewright.commands import AddComment, AttachFile
from casewright.config import Config, read_config
from casewright.desk import open_desk, publish
from casewright.exchange.backup import BackupMade, back_up
from casewright.exchange.restore import Restored, restore
from casewright.queries import VerifyAudit

from .worker_site import ROLES, WorkerSite

SETTINGS = """\
zone = "Asia/Shanghai"
[plugins]
load = []
[channels.sms]
driver = "console"
kind = "sms"
"""
KEEPER = "  keeper: {title: {en: Keeper, zh: 保管员}, permissions: [workspace.*, access.read, audit.verify]}\n"


class KeptSite(WorkerSite):
    """The site, a keeper on its staff, and its backups."""

    def __init__(self, root: Path, clock: SetClock) -> None:
        known = (root / "casewright.db").exists()
        super().__init__(root, clock)
        if known:
            return
        (root / "casewright.toml").write_text(SETTINGS, "utf-8")
        (root / "roles.yaml").write_text(ROLES + KEEPER, "utf-8")
        publish(self.desk, root, [root / "workflows"], actor="system")
        self.person("kim", "keeper")

    @property
    def root(self) -> Path:
        return self.config.root

    def attach(self, key: str, content: bytes) -> str:
        digest = self.desk.keep(content)
        self.desk.execute(
            AttachFile(
                actor="ana", ticket=key, filename="scan.pdf", size=len(content), digest=digest
            )
        )
        return digest

    def comment(self, key: str, text: str) -> None:
        self.desk.execute(AddComment(actor="ana", ticket=key, text=text))

    def back_up(self, path: Path, **more: bool) -> BackupMade:
        return back_up(self.desk, path, actor="kim", **more)

    def restore(
        self, path: Path, target: Path, *, over: bool = False, ledgers: Sequence[Path] = ()
    ) -> Restored:
        return restore(
            path,
            target,
            by="root",
            clock=self.clock,
            over=over,
            ledgers=ledgers,
            environment={},
        )

    def again(self, root: Path) -> "KeptSite":
        """The site as it is in another folder, with the provider of this one."""
        made = KeptSite(root, self.clock)
        made.provider = self.provider
        return made


def is_whole(root: Path, clock: SetClock) -> bool:
    """Whether the histories of a workspace are whole, as it says itself."""
    config: Config = read_config(root, {})
    with open_desk(config, clock=clock) as desk:
        return bool(desk.ask_as_system(VerifyAudit(actor="system")).ok)
