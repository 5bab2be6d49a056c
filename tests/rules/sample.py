"""A small made-up call and application for the tests of the rules."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gongmo.definition.application import Application
from gongmo.definition.model import Definition
from gongmo.rules.finding import Finding, Status

T = {"ko": "시험", "en": "test"}
CLOSES = "2030-03-15T17:00:00+09:00"
SOURCES = ("national", "local", "private")


def words(ko: str, en: str) -> dict[str, str]:
    return {"ko": ko, "en": en}


def definition(*rules: Mapping[str, Any], **changes: Any) -> Definition:
    """A call with three sources, two years, two roles and the given rules (each gets an id, a title and the clause T-1)."""
    made: dict[str, Any] = {
        "format": "gongmo/call/1",
        "id": "sample",
        "programme": "sample",
        "title": T,
        "short_title": T,
        "announced_on": "2030-01-01",
        "announced_by": [T],
        "purpose": T,
        "source": T,
        "actors": [],
        "clauses": [{"id": "T-1", "title": T, "text": T}],
        "fields": [{"id": name, "clause": "T-1", "name": T} for name in ("alpha", "beta")],
        "milestones": [],
        "intake": {"clause": "T-1", "opens": "2030-02-01T00:00:00+09:00", "closes": CLOSES, "channels": []},
        "consortium": {
            "clause": "T-1",
            "lead_role": "lead",
            "applicant_role": "applicant",
            "roles": [
                {"id": "applicant", "name": words("신청 지자체", "Applicant")},
                {"id": "lead", "name": words("주관기관", "Lead")},
                {"id": "partner", "name": words("참여기관", "Partner")},
            ],
        },
        "facts": [
            {"id": name, "clause": "T-1", "name": words(ko, name), "question": T}
            for name, ko in (("arrears", "체납"), ("impaired", "자본잠식"), ("duplicate", "중복 과제"))
        ],
        "rules": [
            {"id": f"rule_{number}", "title": T, "clause": "T-1", **rule} for number, rule in enumerate(rules)
        ],
        "budget": {
            "clause": "T-1",
            "period_starts": "2030-01-01",
            "period_ends": "2031-12-31",
            "years": [
                {"year": year, "name": T, "starts": f"{year}-01-01", "ends": f"{year}-12-31"}
                for year in (2030, 2031)
            ],
            "sources": [
                {"id": "national", "name": words("국비", "National money")},
                {"id": "local", "name": words("지방비", "Local money")},
                {"id": "private", "name": words("민간부담금", "Private money")},
            ],
            "categories": [{"id": "work", "name": T}, {"id": "machines", "name": T, "asset": True}],
            "direct_support": T,
        },
        "documents": [],
        "evaluation": {
            "clause": "T-1",
            "committee": {"clause": "T-1", "size": 5, "quorum": 3},
            "criteria": [
                {
                    "id": "1",
                    "clause": "T-1",
                    "name": T,
                    "max_points": "100",
                    "criteria": [{"id": "1-1", "name": T, "max_points": "100"}],
                }
            ],
            "stages": [{"id": "desk", "clause": "T-1", "name": T, "weight": "100"}],
            "averaging": {"clause": "T-1", "method": "mean"},
            "rounding": {"clause": "T-1", "places": 2, "mode": "half_up", "at": "final"},
            "ties": {"clause": "T-1"},
            "point_step": {"clause": "T-1", "step": "1"},
        },
        "selection": {"clause": "T-1", "count": 1},
        "disclosure": {"clause": "T-1", "results_public": False, "documents_returned": False},
        **changes,
    }
    return Definition.model_validate_json(json.dumps(made))


def organisation(
    name: str = "lead", role: str = "lead", kind: str = "company", **more: Any
) -> dict[str, Any]:
    return {"id": name, "name": f"기관 {name}", "role": role, "kind": kind, **more}


def cell(source: str, amount: int, **more: Any) -> dict[str, Any]:
    return {
        "organisation": "lead",
        "year": 2030,
        "field": "alpha",
        "category": "work",
        "source": source,
        "form": "cash",
        "amount": amount,
        **more,
    }


def application(
    *cells: Mapping[str, Any], organisations: Iterable[Mapping[str, Any]] | None = None, **changes: Any
) -> Application:
    """An application with one lead (when nothing else is said) and the given cells."""
    made: dict[str, Any] = {
        "format": "gongmo/application/1",
        "call": "sample",
        "title": "시험 신청서",
        "organisations": [organisation()] if organisations is None else list(organisations),
        "budget": list(cells),
        **changes,
    }
    return Application.model_validate_json(json.dumps(made))


def of_rule(findings: Sequence[Finding], rule: str = "rule_0") -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


def only(findings: Sequence[Finding], rule: str = "rule_0") -> Finding:
    [finding] = of_rule(findings, rule)
    return finding


def statuses(findings: Sequence[Finding], rule: str = "rule_0") -> list[Status]:
    return [finding.status for finding in of_rule(findings, rule)]
