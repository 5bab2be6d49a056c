"""A call whose documents are all written from data, and a consortium that has said everything."""

from datetime import date
from decimal import Decimal
from typing import Any

from gongmo.applications import commands
from gongmo.applications.models import Answer, Kpi, Member
from gongmo.applications.values import CellInput
from gongmo.definition.application import Truth
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.ledger import commands as ledger
from tests.builders import AT_OPENING, SYSTEM, Filled, filled_application, publish_sample_call
from tests.sample_call import sample_definition

DEFAULT = {"ko": "견본입니다.", "en": "A sample."}


def t(ko: str, en: str) -> dict[str, str]:
    return {"ko": ko, "en": en}


def document(number: int, template: str, per: str, roles: list[str], **more: Any) -> dict[str, Any]:
    """A document of the definition with a paper of that template."""
    when = more.pop("when", None)
    return {
        "id": template,
        "clause": "T-1",
        "number": number,
        "name": t(f"가상 서류 {number}", f"Sample document {number}"),
        "per": per,
        "roles": roles,
        "formats": ["pdf", "hwpx"],
        "generated": True,
        **({"when": when} if when else {}),
        "paper": {
            "template": template,
            "default": DEFAULT,
            "opening": [t("{organisation}은(는) {call}의 ‘{title}’에 관하여 적습니다.", "{organisation} on {title} in {call}.")],
            "closing": [t("{operator}에 냅니다.", "To {operator}.")],
            "addressee": t("{operator} 귀하", "To {operator}"),
            **more,
        },
    }  # fmt: skip


def definition() -> Definition:
    """The sample call with every built-in document and a form of its own."""
    everyone = ["lead", "partner", "government"]
    return sample_definition(
        documents=[
            document(1, "application_form", "application", ["lead"]),
            document(
                2,
                "consortium_agreement",
                "application",
                ["lead"],
                articles=[
                    {
                        "title": t("목적", "Purpose"),
                        "paragraphs": [t("{lead}이(가) 이끕니다.", "{lead} leads.")],
                    }
                ],
            ),
            document(3, "intent", "organisation", everyone),
            document(4, "self_check", "organisation", ["lead", "partner"]),
            document(
                5,
                "local_pledge",
                "organisation",
                ["government"],
                source="local",
                closing=[t("모두 {amount_words}({amount})입니다.", "{amount} in all.")],
            ),
            document(6, "asset_plan", "organisation", everyone, when={"kind": "buys_assets"}),
            document(
                7,
                "consent",
                "organisation",
                everyone,
                articles=[
                    {
                        "title": t("개인정보", "Personal data"),
                        "consent": "personal_data",
                        "facts": [[t("쓰는 목적", "Purpose"), t("접수와 평가", "Intake and evaluation")]],
                    }
                ],
            ),
        ],
        form={
            "sections": [
                {
                    "id": "people",
                    "name": t("사람", "People"),
                    "questions": [
                        {
                            "id": "director",
                            "clause": "T-1",
                            "name": t("총괄책임자", "Director"),
                            "kind": "person",
                        },
                        {
                            "id": "plan",
                            "clause": "T-1",
                            "name": t("추진 계획", "Plan"),
                            "kind": "long_text",
                            "per_field": True,
                        },
                    ],
                }
            ]
        },
    )


def consortium(partners: int = 2) -> Filled:
    """An application with two partners, money beside several names, answers, indicators, exceptions and both kinds of consents."""
    call = publish_sample_call(definition=definition())
    filled = filled_application(call, partners=partners)
    members = list(Member.objects.filter(application=filled.application).order_by("id"))
    partner = members[2]
    with clock.at(AT_OPENING):
        commands.set_cells(
            actor=filled.lead,
            application_id=filled.application.pk,
            cells=[
                CellInput(
                    partner.organisation_id, 2030, "solution", "equipment", "national", "cash", 12_345_678
                ),
                CellInput(partner.organisation_id, 2031, "solution", "equipment", "local", "cash", 98_765),
                CellInput(members[1].organisation_id, 2031, "solution", "staff", "local", "cash", 7_000_001),
            ],
        )
        actor = filled.actors[partner.organisation_id]
        commands.declare(
            actor=actor,
            member_id=partner.pk,
            fact="duplicate",
            value=Truth.YES,
            follow_up=True,
            earlier_ended_on=date(2029, 5, 1),
            note="앞선 과제의 후속입니다.",
        )
        commands.consent(actor=actor, member_id=partner.pk, kind="third_party", given=False)
        write_content(filled)
    filled.application.refresh_from_db()
    return filled


def write_content(filled: Filled) -> None:
    """Answers and indicators as their rows lie, told to the record as commands do."""
    from django.db import transaction

    with transaction.atomic():
        for place, text in (
            ("director.name", "김담당"),
            ("director.email", "kim@example.com"),
            ("plan@solution", "첫째 해에 진단합니다.\n둘째 해에 넓힙니다."),
        ):
            Answer.objects.create(application=filled.application, question=place, text=text)
        Kpi.objects.create(
            application=filled.application,
            position=1,
            name="도입 기업",
            unit="곳",
            baseline=Decimal("12.5"),
            target=Decimal("1500"),
            measured_by="실적 보고",
        )
        ledger.append(
            actor=SYSTEM, act="tests.content", subject=("application", filled.application.pk), payload={}
        )
