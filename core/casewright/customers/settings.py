"""What `customers.yaml` says: how numbers are typed, what counts as a complaint, where surveys stand, when churn looms."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from casewright import bilingual
from casewright.bilingual import Bilingual
from casewright.swift_dataclass import dataclass

FILE = "customers.yaml"
COUNTRY_CODE = "86"
LEVELS = ("high", "medium", "low")
"""Levels of churn risk; what reaches none is low."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyField:
    """A field that keeps how content a customer is, and what each of its answers is worth; "" is any workflow."""

    field: str
    points: Mapping[str, int]
    workflow: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnRule:
    """A condition over the facts of a customer, and how much it weighs where it holds."""

    name: str
    title: Bilingual
    when: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSettings:
    """The whole file; `levels` says from how many points on each is reached. Without any there is no risk to tell."""

    country_code: str = COUNTRY_CODE
    complaints: tuple[str, ...] = ("complaint",)
    survey: tuple[SurveyField, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[ChurnRule, ...] = ()


def settings_from_data(data: Mapping[str, Any]) -> CustomerSettings:
    """Return the settings of data that was checked before; of an empty mapping those without any file."""
    churn = data.get("churn", {})
    return CustomerSettings(
        country_code=data.get("country_code", COUNTRY_CODE),
        complaints=tuple(data.get("complaints", ("complaint",))),
        survey=tuple(_survey(one) for one in data.get("survey", ())),
        levels=churn.get("levels", {}),
        rules=tuple(_rule(one) for one in churn.get("rules", ())),
    )


def _rule(data: Mapping[str, Any]) -> ChurnRule:
    return ChurnRule(
        name=data["name"],
        title=bilingual.from_data(data["title"]),
        when=data["when"],
        points=data["points"],
    )


def _survey(data: Mapping[str, Any]) -> SurveyField:
    return SurveyField(
        field=data["field"], points=data["points"], workflow=data.get("workflow", "")
    )
