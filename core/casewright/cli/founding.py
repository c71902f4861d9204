"""Making a workspace: its files, its database, the first administrator, the people of a demonstration."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from casewright import strict_yaml
from casewright.cli.founding_settings import IGNORED, settings_text
from casewright.cli.workflow_schema import write_schema
from casewright.commands import PublishTables, SavePerson
from casewright.config import FILE, Config, read_config
from casewright.desk import Desk, database_version, migrate_database, open_desk, publish
from casewright.document import Document
from casewright.errors import WorkspaceRefused, YamlRefused, message
from casewright.model import SYSTEM
from casewright.queries import ListPeople
from casewright.settings.access import SignIn
from casewright.starter import starter_folder
from casewright.workflows.surroundings import lent_by_plugins

ADMINISTRATOR = "administrator"
AGENT = "agent"
FOLDERS = ("workflows", "forms", "tables")
CLOSED = ("attachments", "notices")
"""Folders with what customers sent and were sent: only for the account that casewright runs under."""
FILES = ("roles.yaml", "customers.yaml", "routing.yaml", "intake.yaml")
_WORDS = ("team", "department", "phone", "email", "chat", "language", "deputy", "calendar")
SCHEMAS = {"workflows": "workflow.schema.json", "forms": "form.schema.json"}


def make_workspace(
    folder: Path,
    *,
    admin: str,
    language: str = "",
    people: bool = False,
    sign_in: SignIn | None = None,
    password: str = "",
    database: str = "",
) -> Config:
    """Make a workspace in an empty or new folder and return its settings; on a refusal the folder is as before.

    The administrator begins with `password`, or with none yet. With the `people` of the demonstration everybody is taken
    at their word unless `sign_in` says otherwise.
    """
    existed = folder.exists()
    _must_be_empty(folder)
    try:
        chosen = sign_in or ("trusted" if people else "password")
        _write_files(folder, settings_text(language, chosen, database))
        config = read_config(folder, {})
        _must_be_nobodys(config)
        write_schema(folder, lent_by_plugins(config).vocabulary)
        with open_desk(config, create=True) as desk:
            publish(desk, folder, [folder / "workflows"], actor=SYSTEM)
            if people:
                add_people(desk, starter_folder() / "people.yaml")
            add_administrator(desk, admin, also=(AGENT,))
            if password:
                verifier = desk.entrance.verifier(admin, password)
                desk.entrance.set_first_password(admin, verifier)
    except BaseException:
        _undo(folder, existed)
        raise
    return config


def found_database(config: Config, *, admin: str) -> tuple[int, int]:
    """Make or migrate the database; whoever makes it is its administrator. Return the versions before and after."""
    before, after = migrate_database(config)
    if not before:
        own = config.root / "roles.yaml"
        roles = strict_yaml.load_file(own if own.is_file() else starter_folder() / "roles.yaml")
        with open_desk(config) as desk:
            desk.execute_as_system(
                PublishTables(actor=SYSTEM, tables={}, roles=roles.data["roles"])
            )
            add_administrator(
                desk, admin, also=(AGENT,) if AGENT in roles.data["roles"] else ()
            )
    return before, after


def add_administrator(desk: Desk, name: str, *, also: tuple[str, ...] = ()) -> None:
    """Let `name` administrate, keeping what the person may do already.

    Whoever founds a workspace is `also` an agent, so that the first ticket needs no second person.
    """
    known = next(
        (one for one in desk.ask_as_system(ListPeople(actor=SYSTEM)) if one.name == name), None
    )
    roles = {ADMINISTRATOR, *also, *(known.roles if known else ())}
    desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, roles=tuple(sorted(roles))))


def add_people(desk: Desk, path: Path) -> None:
    """Add the people of a `people.yaml`."""
    document = strict_yaml.load_file(path)
    people = document.data.get("people") if isinstance(document.data, dict) else None
    if not isinstance(people, dict):
        reason = message("write the staff as people: {{name: {{title: .., roles: [..]}}}}")
        raise YamlRefused(place=document.place(()), reason=reason)
    commands = [_person(document, name, person) for name, person in people.items()]
    with desk.batch():
        for one in commands:
            desk.execute_as_system(replace(one, deputy=None))
        # A deputy may stand further down in the file.
        for one in commands:
            if one.deputy:
                again = SavePerson(actor=SYSTEM, name=one.name, deputy=one.deputy)
                desk.execute_as_system(again)


def _person(document: Document, name: str, data: Mapping[str, Any]) -> SavePerson:
    title = data.get("title", {}) if isinstance(data, dict) else {}
    roles = data.get("roles", []) if isinstance(data, dict) else None
    if not isinstance(title, dict) or not isinstance(roles, list):
        reason = message("a person has a title in both languages and a list of roles")
        raise YamlRefused(place=document.place(("people", name)), reason=reason)
    words: dict[str, Any] = {word: str(data[word]) for word in _WORDS if word in data}
    queues = data.get("queues", [])
    if not isinstance(queues, list):
        reason = message("'queues' is a list of the queues that the person serves")
        raise YamlRefused(place=document.place(("people", name, "queues")), reason=reason)
    return SavePerson(
        actor=SYSTEM,
        name=name,
        en=str(title.get("en", "")),
        zh=str(title.get("zh", "")),
        roles=tuple(map(str, roles)),
        queues=tuple(map(str, queues)),
        **words,
    )


def _must_be_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WorkspaceRefused(folder=str(folder), reason=message("it is no folder"))
    if folder.is_dir() and any(folder.iterdir()):
        known = (folder / FILE).exists()
        reason = message("it is a workspace already") if known else message("it is not empty")
        raise WorkspaceRefused(folder=str(folder), reason=reason)


def _must_be_nobodys(config: Config) -> None:
    """Refuse a database on a server in which there is a workspace already."""
    if config.postgres and database_version(config):
        reason = message(
            "its database has a workspace already: name another database, or another schema"
        )
        raise WorkspaceRefused(folder=str(config.root), reason=reason)


def _write_files(folder: Path, settings: str) -> None:
    starter = starter_folder()
    try:
        (folder / "schemas").mkdir(parents=True)
        for name in CLOSED:
            (folder / name).mkdir(mode=0o700)
        for name in FOLDERS:
            shutil.copytree(
                starter / name,
                folder / name,
                ignore=shutil.ignore_patterns("__pycache__", ".*"),
            )
        for name in FILES:
            shutil.copy(starter / name, folder / name)
        _lead_to_schemas(folder)
        (folder / FILE).write_text(settings, encoding="utf-8")
        (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise WorkspaceRefused(folder=str(folder), reason=reason) from None


def _lead_to_schemas(folder: Path) -> None:
    """Copy the schemas into the workspace and let the first line of each file, which editors read, name them."""
    package = Path(__file__).parents[1]
    for name, schema in SCHEMAS.items():
        shutil.copy(package / name / schema, folder / "schemas" / schema)
        for file in (folder / name).glob("*.yaml"):
            first, newline, rest = file.read_text("utf-8").partition("\n")
            if first.startswith("# yaml-language-server:"):
                first = f"# yaml-language-server: $schema=../schemas/{schema}"
                file.write_text(first + newline + rest, encoding="utf-8")


def _undo(folder: Path, existed: bool) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not existed and folder.is_dir():
        folder.rmdir()
