"""The pages that are generated from the code: `python -m casewright.cli.reference docs` writes them."""

import ast
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from casewright import errors
from casewright.cli.grammar import EVERYWHERE, Option
from casewright.cli.help import flags, usage
from casewright.cli.nouns import NOUNS, noun
from casewright.cli.reference_hooks import hooks_page
from casewright.config import SETTINGS, Config
from casewright.settings.access import ACCESS_OPTIONS, AUDIT_OPTIONS, LOGS_OPTIONS
from casewright.settings.delivering import QUIET_OPTIONS, SMS_LIMITS, WORKER_OPTIONS
from casewright.settings.doors import SSH_OPTIONS, WEB_OPTIONS
from casewright.settings.drivers import DRIVERS
from casewright.settings.intake import SOURCES
from casewright.settings.options import Option as SectionOption
from casewright.settings.pages import PAGES_OPTIONS
from casewright.settings.plugins import PLUGINS_OPTIONS
from casewright.settings.server import SERVER_OPTIONS
from casewright.settings.webhooks import WEBHOOK_OPTIONS
from casewright.texts import Texts

_MADE = "<!-- Made by `make docs` from the code; a test holds it there. -->"


def pages() -> dict[str, str]:
    """Return every generated page by its file name."""
    made = {
        "commands.md": commands_page(),
        "errors.md": errors_page(),
        "hooks.md": hooks_page(_MADE),
        "settings.md": settings_page(),
    }
    return {name: "\n".join(lines) + "\n" for name, lines in made.items()}


def commands_page() -> Iterator[str]:
    """Yield the page of all commands, in English and Chinese."""
    english, chinese = Texts("en"), Texts("zh")
    yield from ("# Commands", "", _MADE, "")
    yield "Every command that answers takes `--json`: one document on standard output, nothing else there."
    yield "Exit codes: 0 done, 1 refused or problems found, 2 wrong usage, 70 a bug. A refusal is"
    yield '`{"error": {"code", "message", ...}}`; its codes and fields are in [errors.md](errors.md).'
    yield from ("", "Options that every command takes:", "")
    yield from _options(EVERYWHERE, english, chinese)
    for name in NOUNS:
        found = noun(name)
        yield from (
            "",
            f"## {name}",
            "",
            f"{english.text(found.help)} · {chinese.text(found.help)}",
        )
        for verb in found.verbs:
            yield from ("", f"### `{usage(found, verb)}`", "")
            yield f"{english.text(verb.help)} · {chinese.text(verb.help)}"
            if verb.more:
                yield from ("", f"{english.text(verb.more)} {chinese.text(verb.more)}")
            if verb.options:
                yield ""
                yield from _options(verb.options, english, chinese)


def errors_page() -> Iterator[str]:
    """Yield the page of all refusals: code, meaning, sentence, fields."""
    english, chinese = Texts("en"), Texts("zh")
    yield from ("# Errors", "", _MADE, "")
    yield "A refusal is an answer: it has a code that never changes, fields that a program can read, and a"
    yield "sentence in the reader's language."
    for kind in refusals():
        fields = ", ".join(f"`{name}`" for name in kind.__dataclass_fields__)  # type: ignore[attr-defined]
        yield from (
            "",
            f"## `{kind.code}`",
            "",
            str(kind.__doc__).split("\n\n")[0].replace("\n", " "),
            "",
        )
        yield f"- {english.text(kind.sentence)}"
        yield f"- {chinese.text(kind.sentence)}"
        yield f"- fields: {fields}"


def settings_page() -> Iterator[str]:
    """Yield the page of all settings."""
    yield from ("# Settings", "", _MADE, "")
    yield "A workspace's settings stand in its `casewright.toml`; a variable of the environment overrules each."
    docs = _attribute_docs()
    for setting in SETTINGS:
        yield from ("", f"## `{setting.name}`", "", docs[setting.name], "")
        yield f"- default: `{setting.default}`" if setting.default else "- default: none"
        yield f"- overruled by: `{setting.variable}`"
        if setting.choices:
            yield f"- one of: {', '.join(f'`{choice}`' for choice in setting.choices if choice)}"
    yield from (
        "",
        "Three more variables: `CASEWRIGHT_WORKSPACE` names the workspace as `-C` does, `CASEWRIGHT_USER`",
    )
    yield "who acts as `--as` does, and `CASEWRIGHT_TOKEN` is the token by which a program acts."
    yield from _sections()


def refusals() -> list[type[errors.CasewrightError]]:
    """Return every kind of refusal, by code."""
    return sorted(_below(errors.CasewrightError), key=lambda kind: kind.code)


def main() -> int:
    """Write the pages into the folder that the command line names."""
    folder = Path(sys.argv[1])
    for name, page in pages().items():
        (folder / name).write_text(page, encoding="utf-8")
    return 0


def _below(kind: type[errors.CasewrightError]) -> set[type[errors.CasewrightError]]:
    kinds = {one for one in kind.__subclasses__() if one.sentence}
    return kinds.union(*(_below(one) for one in kind.__subclasses__()))


def _options(options: tuple[Option, ...], english: Texts, chinese: Texts) -> Iterator[str]:
    yield from ("| | | |", "|-|-|-|")
    for option in options:
        help = (english.text(option.help), chinese.text(option.help))
        yield (
            "| "
            + " | ".join((f"`{flags(option)}`", *(one.replace("|", "\\|") for one in help)))
            + " |"
        )


def _sections() -> Iterator[str]:
    yield from ("", "## `[channels.NAME]`", "")
    yield "A way to the outside that workflows name in `via`; `notice`, the inbox, is always there. `driver` says"
    yield "which kind, each with options of its own. A text `secret://name` names a secret, which is looked for in"
    yield "systemd's credentials, in the file that `CASEWRIGHT_SECRET_NAME_FILE` names, in the keyring and in"
    yield "`CASEWRIGHT_SECRET_NAME`; `env:NAME` is read from the environment alone. No secret stands in the file."
    for driver in DRIVERS.values():
        yield from ("", f'### `driver = "{driver.name}"`', "", driver.help, "")
        yield from _settings_table(driver.options)
    yield from ("", "## `[worker]`", "", "What the worker does besides its work.", "")
    yield from _settings_table(WORKER_OPTIONS)
    yield from ("", "## `[quiet_hours]`", "", "When nobody is told what can wait.", "")
    yield from _settings_table(QUIET_OPTIONS)
    yield from ("", "## `[limits]`", "")
    yield "How much one person is told over a channel at most: the channel's name, and all limits that hold."
    yield f'For SMS, unless written: `"{SMS_LIMITS}"`; for other channels none. `""` takes them away.'
    yield from ("", "## `[plugins]`", "")
    yield 'Which plugins are loaded: `load = ["routing"]`, by name; nothing is loaded that is not named. The rest says how'
    yield "long they may take."
    yield ""
    yield from _settings_table(PLUGINS_OPTIONS)
    yield from ("", "## `[access]`", "", "How people say who they are.", "")
    yield from _settings_table(ACCESS_OPTIONS)
    yield from ("", "## `[audit]`", "", "How the histories are sealed.", "")
    yield from _settings_table(AUDIT_OPTIONS)
    yield from ("", "## `[logs]`", "", "What is written about the running.", "")
    yield from _settings_table(LOGS_OPTIONS)
    yield from ("", "## `[server]`", "")
    yield "Where the process that owns the workspace listens, and what it lets in: `casewright serve`; [serving.md](serving.md)."
    yield ""
    yield from _settings_table(SERVER_OPTIONS)
    yield from (
        "",
        "## `[pages]`",
        "",
        "The pages for customers; [web_forms.md](web_forms.md).",
        "",
    )
    yield from _settings_table(PAGES_OPTIONS)
    yield from ("", "## `[intake.NAME]`", "")
    yield "Where what comes in is fetched, one section each; what becomes of it says `intake.yaml`: [intake.md](intake.md)."
    for source in SOURCES.values():
        yield from ("", f'### `driver = "{source.name}"`', "", source.help, "")
        yield from _settings_table(source.options)
    yield from ("", "## `[webhooks]` and `[webhooks.NAME]`", "")
    yield 'Other systems that are told of events; [replies.md](replies.md). `[webhooks]` says `hosts = ["crm.example.org"]`:'
    yield "the exact names of all hosts that anything is told to. Each section below it is one of them."
    yield ""
    yield from _settings_table(WEBHOOK_OPTIONS)
    yield from (
        "",
        "## `[ssh]`",
        "",
        "The door for SSH clients: `casewright serve --ssh`; [doors.md](doors.md).",
        "",
    )
    yield from _settings_table(SSH_OPTIONS)
    yield from (
        "",
        "## `[web]`",
        "",
        "The door for terminals in browsers: `casewright serve --web`.",
        "",
    )
    yield from _settings_table(WEB_OPTIONS)
    yield from ("", "## `[plugin.NAME]`", "")
    yield "The settings of one plugin; `casewright plugin describe NAME` lists them with what they are now."


def _settings_table(options: tuple[SectionOption, ...]) -> Iterator[str]:
    if options:
        yield from ("| | | |", "|-|-|-|")
    for option in options:
        default = json.dumps(option.default, ensure_ascii=False)
        shown = "needed" if option.required else f"`{default}`"
        choices = f" One of: {', '.join(option.choices)}." if option.choices else ""
        yield f"| `{option.name}` | {shown} | {option.help}{choices} |"


def _attribute_docs() -> dict[str, str]:
    """Return the docstrings that stand below the attributes of `Config`."""
    source = Path(sys.modules[Config.__module__].__file__ or "").read_text("utf-8")
    body = next(
        node.body
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == Config.__name__
    )
    return {
        field.target.id: str(doc.value.value)
        for field, doc in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        and isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant)
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
