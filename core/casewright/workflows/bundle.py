"""A published version of a workflow: the file's data and its forms' as one text, named by its hash."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from casewright.contributions import NO_VOCABULARY, Vocabulary
from casewright.forms.load import form_from_data
from casewright.forms.spec import Form
from casewright.swift_dataclass import dataclass
from casewright.workflows.borrowing import borrowed, borrowed_data, borrowed_from_data
from casewright.workflows.load import workflow_from_data
from casewright.workflows.spec import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A workflow and its forms as bytes; `digest` is the SHA-256 of `content`, in hexadecimal."""

    name: str
    digest: str
    content: bytes


def bundle(
    workflow: Mapping[str, Any],
    forms: Mapping[str, Mapping[str, Any]],
    vocabulary: Vocabulary = NO_VOCABULARY,
) -> Bundle:
    """Return the bundle of a checked workflow's data and of those of `forms` that it uses, in file order.

    It notes which plugin of `vocabulary` each word, verb and function is borrowed of, if any is.
    """
    name: str = workflow["workflow"]
    loaded = workflow_from_data(name, workflow)
    parts = {"workflow": workflow, "forms": {one: forms[one] for one in loaded.forms}}
    if used := borrowed_data(borrowed(loaded, vocabulary)):
        parts["borrowed"] = used
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    content = text.encode()
    return Bundle(name=name, digest=hashlib.sha256(content).hexdigest(), content=content)


def unbundle(content: bytes) -> tuple[Workflow, Mapping[str, Form]]:
    """Return the workflow (with its digest) and the forms of a bundle."""
    parts = json.loads(content)
    data = parts["workflow"]
    workflow = workflow_from_data(
        data["workflow"],
        data,
        digest=hashlib.sha256(content).hexdigest(),
        borrowed=borrowed_from_data(parts.get("borrowed", {})),
    )
    return workflow, {name: form_from_data(name, form) for name, form in parts["forms"].items()}
