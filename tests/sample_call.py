"""A small made-up call with every kind of rule, and a call of the second level under it, for the tests of the floors above."""

import json
from typing import Any

from gongmo.definition.model import Definition


def t(ko: str, en: str) -> dict[str, str]:
    return {"ko": ko, "en": en}


C = {"clause": "T-1"}
REGIONS = ["KR-26", "KR-27", "KR-48", "KR-49"]

_EVALUATION: dict[str, Any] = {
    **C,
    "committee": {**C, "size": 3, "quorum": 2, "at_least_per_sector": 1},
    "criteria": [
        {
            "id": "1",
            **C,
            "name": t("목적", "Purpose"),
            "max_points": "40",
            "criteria": [
                {"id": "1-1", "name": t("부합성", "Fit"), "max_points": "20"},
                {"id": "1-2", "name": t("구체성", "Concreteness"), "max_points": "20"},
            ],
        },
        {
            "id": "2",
            **C,
            "name": t("효과", "Effect"),
            "max_points": "60",
            "criteria": [{"id": "2-1", "name": t("파급효과", "Ripple effect"), "max_points": "60"}],
        },
    ],
    "stages": [
        {"id": "desk", **C, "name": t("서면평가", "Desk evaluation"), "weight": "40"},
        {
            "id": "presentation",
            **C,
            "name": t("대면평가", "Presentation"),
            "weight": "60",
            "presenter": "project_director",
        },
        {"id": "site", **C, "name": t("현장평가", "Site visit"), "scored": False, "optional": True},
    ],
    "averaging": {**C, "method": "mean"},
    "rounding": {**C, "places": 2, "mode": "half_up", "at": "final"},
    "ties": {**C},
    "point_step": {**C, "step": "0.5"},
}

_CALL: dict[str, Any] = {
    "format": "gongmo/call/1",
    "id": "sample-call",
    "programme": "sample-programme",
    "title": t("가상 지역 사업 공모", "Made-up regional call"),
    "short_title": t("가상 공모", "Made-up call"),
    "announced_on": "2030-02-01",
    "announced_by": [t("가상 부처", "Made-up ministry")],
    "purpose": t("시험을 위한 공모입니다.", "A call for tests."),
    "invented": True,
    "source": t("시험", "Tests"),
    "actors": [
        {
            "id": "agency",
            "name": t("전담기관", "Agency"),
            "does": t("공고를 운영합니다.", "Runs the call."),
        }
    ],
    "clauses": [
        {"id": "T-1", "title": t("조항", "Clause"), "text": t("가상의 조항입니다.", "A made-up clause.")}
    ],
    "fields": [
        {"id": "solution", **C, "name": t("솔루션", "Solutions")},
        {"id": "people", **C, "name": t("인력", "People")},
    ],
    "milestones": [{"id": "intake", **C, "name": t("접수", "Intake")}],
    "intake": {
        **C,
        "opens": "2030-02-01T00:00:00+09:00",
        "closes": "2030-03-15T17:00:00+09:00",
        "channels": [
            {
                "id": "post",
                **C,
                "name": t("우편", "Post"),
                "required": True,
                "due_on": "2030-03-15",
                "instructions": t("원본을 보내 주세요.", "Send the originals."),
            }
        ],
    },
    "consortium": {
        **C,
        "lead_role": "lead",
        "applicant_role": "government",
        "roles": [
            {"id": "government", "name": t("지방자치단체", "Government")},
            {"id": "lead", "name": t("주관기관", "Lead")},
            {"id": "partner", "name": t("참여기관", "Partner")},
        ],
    },
    "facts": [
        {
            "id": "arrears",
            **C,
            "name": t("체납", "Arrears"),
            "question": t("체납이 있습니까?", "Any arrears?"),
        },
        {
            "id": "duplicate",
            **C,
            "name": t("중복 과제", "Duplicate"),
            "question": t("같은 과제를 지원받았습니까?", "Is the same project supported elsewhere?"),
        },
    ],
    "rules": [
        {
            "id": "region",
            **C,
            "kind": "applicant_regions",
            "title": t("신청 지역", "Region"),
            "role": "government",
            "regions": REGIONS,
        },
        {
            "id": "government",
            **C,
            "kind": "required_role",
            "title": t("지방자치단체 참여", "A government takes part"),
            "roles": ["government"],
            "kinds": ["metropolitan_government"],
            "at_most": 1,
        },
        {
            "id": "no_arrears",
            **C,
            "kind": "exclusion",
            "title": t("체납", "Arrears"),
            "fact": "arrears",
            "roles": ["lead", "partner"],
        },
        {
            "id": "no_duplicate",
            **C,
            "kind": "exclusion",
            "title": t("중복", "Duplicate"),
            "fact": "duplicate",
            "exceptions": [{"kind": "follow_up_after_end", "text": t("후속 지원", "Follow-up")}],
        },
        {"id": "proof", **C, "kind": "demanded_proof", "title": t("증빙", "Proof")},
        {
            "id": "national_ceiling",
            **C,
            "kind": "share_ceiling",
            "title": t("국비 비율", "National share"),
            "part": {"sources": ["national"]},
            "whole": {},
            "at_most": "60%",
        },
        {
            "id": "local_floor",
            **C,
            "kind": "share_floor",
            "title": t("지방비 비율", "Local share"),
            "part": {"sources": ["local"]},
            "whole": {},
            "at_least": "20%",
        },
        {
            "id": "in_kind",
            **C,
            "kind": "in_kind_cap",
            "title": t("현물 비율", "In-kind share"),
            "part": {"sources": ["private"]},
            "at_most": "70%",
        },
        {"id": "axes", **C, "kind": "budget_axes", "title": t("사업비 구분", "Budget axes")},
    ],
    "budget": {
        **C,
        "period_starts": "2030-04-01",
        "period_ends": "2031-12-31",
        "years": [
            {"year": 2030, "name": t("1차연도", "Year 1"), "starts": "2030-04-01", "ends": "2030-12-31"},
            {"year": 2031, "name": t("2차연도", "Year 2"), "starts": "2031-01-01", "ends": "2031-12-31"},
        ],
        "sources": [
            {"id": "national", "name": t("국비", "National money")},
            {"id": "local", "name": t("지방비", "Local money")},
            {"id": "private", "name": t("민간부담금", "Private money")},
        ],
        "categories": [
            {"id": "staff", "name": t("인건비", "Staff")},
            {"id": "equipment", "name": t("장비비", "Equipment"), "asset": True},
        ],
        "direct_support": t("기업 직접지원", "Direct support of companies"),
    },
    "documents": [
        {
            "id": "plan",
            **C,
            "number": 1,
            "name": t("사업계획서", "Project plan"),
            "per": "application",
            "roles": ["lead"],
            "formats": ["pdf", "hwpx"],
        },
        {
            "id": "self_check",
            **C,
            "number": 2,
            "name": t("자가확인서", "Self-confirmation"),
            "per": "organisation",
            "roles": ["lead", "partner"],
            "formats": ["pdf"],
        },
        {
            "id": "asset_plan",
            **C,
            "number": 3,
            "name": t("자산 취득 계획서", "Asset plan"),
            "per": "organisation",
            "roles": ["lead", "partner"],
            "when": {"kind": "buys_assets"},
            "formats": ["pdf"],
        },
    ],
    "evaluation": _EVALUATION,
    "selection": {**C, "count": 2},
    "allocation": {**C, "source": "national", "pot": 2_000_000_000, "year": 2030, "method": "by_score"},
    "disclosure": {**C, "results_public": False, "documents_returned": False},
    "presenter": {**C, "substitute": "member_with_consent"},
    "agreement": {
        **C,
        "starts_planned": "2030-04-01",
        "ends": "2031-12-31",
        "parties": ["agency", "government", "lead", "partner"],
        "yearly_review": True,
        "termination": t("제외 사유가 드러나면 해약합니다.", "Terminated when an exclusion is found."),
    },
}

_REGIONAL: dict[str, Any] = {
    **_CALL,
    "id": "sample-regional",
    "title": t("가상 지역 기업 공모", "Made-up call for companies"),
    "intake": {
        **C,
        "opens": "2030-05-01T00:00:00+09:00",
        "closes": "2030-05-31T17:00:00+09:00",
        "channels": [],
    },
    "consortium": {
        **C,
        "lead_role": "sme",
        "applicant_role": "sme",
        "roles": [
            {"id": "sme", "name": t("도입기업", "Adopter")},
            {"id": "provider", "name": t("공급기업", "Provider")},
        ],
    },
    "rules": [
        {
            "id": "region",
            **C,
            "kind": "applicant_regions",
            "title": t("신청 지역", "Region"),
            "role": "sme",
            "from_parent": True,
        },
        {
            "id": "kinds",
            **C,
            "kind": "allowed_kinds",
            "title": t("신청 기업", "Companies"),
            "roles": ["sme", "provider"],
            "kinds": ["company"],
        },
        {
            "id": "no_arrears",
            **C,
            "kind": "exclusion",
            "title": t("체납", "Arrears"),
            "fact": "arrears",
        },
        {
            "id": "national_ceiling",
            **C,
            "kind": "share_ceiling",
            "title": t("국비 비율", "National share"),
            "part": {"sources": ["national"]},
            "whole": {},
            "at_most": "60%",
        },
    ],
    "facts": [_CALL["facts"][0]],
    "documents": [
        {
            "id": "plan",
            **C,
            "number": 1,
            "name": t("도입 계획서", "Plan"),
            "per": "application",
            "roles": ["sme"],
            "formats": ["pdf"],
        }
    ],
    "allocation": None,
    "agreement": None,
    "second_level": {
        **C,
        "parent_programme": "sample-programme",
        "pot": 300_000_000,
        "sources": ["national"],
    },
}


def sample_definition(**changes: Any) -> Definition:
    """The made-up call, open from 2030-02-01 00:00 to 2030-03-15 17:00 (Seoul). `changes` replace whole parts."""
    return Definition.model_validate_json(json.dumps({**_CALL, **changes}))


def sample_regional(**changes: Any) -> Definition:
    """The made-up call of the second level: pot 300,000,000 won, open from 2030-05-01 00:00 to 2030-05-31 17:00 (Seoul)."""
    return Definition.model_validate_json(json.dumps({**_REGIONAL, **changes}))
