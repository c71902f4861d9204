"""What a page for customers is: which form it shows, what of it is asked, and what its readers are told."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from casewright.bilingual import Bilingual
from casewright.swift_dataclass import dataclass

ACTIONS = ("query", "supplement", "chase", "withdraw")
"""What a customer may do on a status page: ask how it stands, add something, urge, take the matter back."""
FILE_TYPES = (
    "pdf",
    "jpg",
    "jpeg",
    "png",
    "heic",
    "txt",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "odt",
    "ods",
)
"""The endings of files that are taken where a page names none itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Which files may be sent with a form: how many, how large each is at most in octets, and of which endings."""

    most: int = 0
    largest: int = 5 * 1024 * 1024
    types: tuple[str, ...] = FILE_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A form that anybody may fill in at `/f/{name}`: `fields` of the form of `workflow` are asked, in this order.

    `channel` is that of `intake.yaml` whose rules say what becomes of it. `sender` says which of the fields tell who it is:
    by `name`, and by kind of identity, such as `phone`. `promise` names the promise whose deadline the sender is told; "" is
    none. `always` are values that every ticket from here has. `titles` and `helps` are what fields are called here, where
    the form's own words are for the staff.
    """

    name: str
    channel: str
    workflow: str
    title: Bilingual
    fields: tuple[str, ...]
    intro: Bilingual | None = None
    confirmation: Bilingual | None = None
    sender: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, object] = field(default_factory=dict)
    promise: str = ""
    files: Files = Files()
    titles: Mapping[str, Bilingual] = field(default_factory=dict)
    helps: Mapping[str, Bilingual] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSettings:
    """What the pages that show how a matter stands offer: for how long, which actions, how many of them a day.

    `asks` names the fields that say what the customer is asked for while the matter waits for the customer.
    """

    valid: timedelta = timedelta(days=180)
    may: tuple[str, ...] = ("query", "supplement", "chase")
    per_day: int = 5
    asks: tuple[str, ...] = ()
