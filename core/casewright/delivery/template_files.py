"""From the files of `workflows/templates/` to templates: the workspace's own over those that casewright ships."""

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casewright import strict_yaml
from casewright.bilingual import LANGUAGES, Bilingual, fault, from_data
from casewright.delivery.restricted_templates import RestrictedTemplate, compiled
from casewright.delivery.template_names import ONE_NOTICE, SEVERAL_NOTICES
from casewright.delivery.template_parts import Fault
from casewright.delivery.template_spec import Pair, Sms, Template, Templates
from casewright.document import Document, Mark
from casewright.document import Path as KeyPath
from casewright.errors import FileUnreadable, Message, Place, Problem, YamlRefused, message
from casewright.nearest import hint
from casewright.starter import starter_folder

FOLDER = Path("workflows", "templates")
"""Where a workspace keeps its templates."""
BUNDLE = "bundle"
"""The template that tells several notices at once."""


def load_templates(folder: Path | None) -> tuple[Templates, list[Problem]]:
    """Return all templates by name, and what is wrong in the files of `folder`.

    A file that has problems is not taken; where casewright ships a template of its name, that one
    stays. Without a folder, or where there is none, there are only those that casewright ships.
    """
    shipped = starter_folder() / FOLDER
    found: dict[str, Template] = {}
    problems: list[Problem] = []
    # In the repository both are the same folder; a file is read, and complained of, once.
    own = [folder] if folder and folder.is_dir() and not folder.samefile(shipped) else []
    for place in [shipped, *own]:
        for path in sorted(place.glob("*.yaml")):
            template, wrong = load_template(path)
            problems += wrong
            if template is not None:
                found[template.name] = template
    return MappingProxyType(found), problems


def template_problems(folder: Path) -> list[Problem]:
    """Return what is wrong in the templates of a workspace; those that casewright ships are not looked at."""
    own = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return [problem for path in own for problem in load_template(path)[1]]


def load_template(path: Path) -> tuple[Template | None, list[Problem]]:
    """Return the template of a file, named as the file, and all problems by place; None when there are any."""
    try:
        document = strict_yaml.load_file(path)
    except FileUnreadable as error:
        reason, place = error.reason, Place(error.file)
        return None, [Problem(code="template.file", message=reason, place=place)]
    except YamlRefused as error:
        return None, [Problem(code="template.file", message=error.reason, place=error.place)]
    reading = _Reading(document, path.stem)
    template = reading.template()
    if reading.problems:
        return None, sorted(reading.problems, key=lambda problem: problem.place)
    return template, []


def template_from_data(name: str, data: Any) -> Template | None:
    """Return the template of data that was checked before; None where it would be refused now."""
    reading = _Reading(Document(data=data, file=name, marks=Mark(0, 0)), name)
    template = reading.template()
    return None if reading.problems else template


@lru_cache(maxsize=1024)
def _once(source: str, *, several: bool) -> RestrictedTemplate | tuple[Fault, ...]:
    """Compile a text: checking and publishing read the same files several times, and most are those that casewright ships."""
    made = compiled(source, SEVERAL_NOTICES if several else ONE_NOTICE)
    return made if isinstance(made, RestrictedTemplate) else tuple(made)


_KEYS = ("template", "title", "subject", "text", "sms")
_SMS_KEYS = ("text", "signature", "id", "variables")
_NOTHING = Bilingual(en="", zh="")


class _Reading:
    """Reads one file; what is wrong is collected, and what is read meanwhile is not to be used then."""

    def __init__(self, document: Document, name: str) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._name = name

    def template(self) -> Template | None:
        data = self._mapping((), self._document.data, _KEYS, needed=_KEYS[:4])
        if data is None:
            return None
        if data["template"] != self._name:
            template = "the file is called '{file}', so write 'template: {file}'"
            self._refuse("template.name", ("template",), message(template, file=self._name))
        title = self._bilingual(("title",), data["title"])
        subject = self._pair(("subject",), data["subject"])
        text = self._pair(("text",), data["text"])
        sms = self._sms(data.get("sms"), text)
        if title is None or subject is None or text is None or sms is None:
            return None
        return Template(name=self._name, title=title, subject=subject, text=text, sms=sms)

    def _sms(self, written: object, otherwise: Pair | None) -> Sms | None:
        data = {} if written is None else self._mapping(("sms",), written, _SMS_KEYS)
        if data is None:
            return None
        text = self._pair(("sms", "text"), data["text"]) if "text" in data else otherwise
        variables = self._variables(data.get("variables"))
        signature = self._either(("sms", "signature"), data.get("signature"))
        registered = self._either(("sms", "id"), data.get("id"))
        if "variables" in data and "id" not in data:
            reason = message("variables go with the 'id' of a registered template")
            self._refuse("template.sms", ("sms", "variables"), reason)
        if text is None or signature is None or registered is None:
            return None
        return Sms(text=text, signature=signature, id=registered, variables=variables)

    def _variables(self, written: object) -> dict[str, Pair]:
        path = ("sms", "variables")
        if written is None:
            return {}
        if not isinstance(written, dict):
            self._refuse("template.sms", path, message("write variables as {{name: text}}"))
            return {}
        pairs = {}
        for name, text in written.items():
            if pair := self._pair((*path, name), text, one_text=True):
                pairs[name] = pair
        return pairs

    # --- parts ---

    def _mapping(
        self,
        path: KeyPath,
        data: object,
        known: tuple[str, ...],
        *,
        needed: tuple[str, ...] = (),
    ) -> dict[str, Any] | None:
        if not isinstance(data, dict):
            self._refuse(
                "template.shape",
                path,
                message("keys are needed here: {known}", known=list(known)),
            )
            return None
        for key in data:
            if key not in known:
                reason = message("unknown key '{key}'{hint}", key=key, hint=hint(key, known))
                place = self._document.key_place((*path, key))
                self.problems.append(
                    Problem(code="template.unknown_key", message=reason, place=place)
                )
        missing = [key for key in needed if key not in data]
        for key in missing:
            self._refuse("template.missing", path, message("'{key}' is missing", key=key))
        return None if missing else data

    def _bilingual(self, path: KeyPath, data: object) -> Bilingual | None:
        if reason := fault(data):
            self._refuse("template.text", path, reason)
            return None
        return from_data(data)  # type: ignore[arg-type]

    def _either(self, path: KeyPath, data: object) -> Bilingual | None:
        """Read a text, or one for each language."""
        if data is None:
            return _NOTHING
        if isinstance(data, str) and data.strip():
            return Bilingual(en=data, zh=data)
        return self._bilingual(path, data)

    def _pair(self, path: KeyPath, data: object, *, one_text: bool = False) -> Pair | None:
        if one_text and isinstance(data, str):
            only = self._compiled(path, data)
            return Pair(en=only, zh=only) if only else None
        if reason := fault(data):
            self._refuse("template.text", path, reason)
            return None
        read = {one: self._compiled((*path, one), data[one]) for one in LANGUAGES}  # type: ignore[index]
        en, zh = read["en"], read["zh"]
        return Pair(en=en, zh=zh) if en and zh else None

    def _compiled(self, path: KeyPath, source: str) -> RestrictedTemplate | None:
        made = _once(source, several=self._name == BUNDLE)
        if isinstance(made, RestrictedTemplate):
            return made
        for one in made:
            place = self._place(path, source, one.line, one.word)
            self.problems.append(
                Problem(code="template.refused", message=one.message, place=place)
            )
        return None

    def _place(self, path: KeyPath, source: str, line: int, word: str) -> Place:
        """Return where a fault stands: on its line of a text of several, at its word in a text of one."""
        if "\n" in source.strip():
            start = self._document.place(path)
            return Place(start.file, start.line + line, 1)
        return self._document.text_place(path, max(source.find(word), 0))

    def _refuse(self, code: str, path: KeyPath, reason: Message) -> None:
        self.problems.append(
            Problem(code=code, message=reason, place=self._document.place(path))
        )
