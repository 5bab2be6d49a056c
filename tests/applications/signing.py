"""The sample call with documents that Gongmo writes, and hands that sign them."""

from typing import Any

from gongmo.applications import commands
from gongmo.applications.commands.documents import paperwork_of
from gongmo.applications.commands.signatures import Hand, Signing, Wanted
from gongmo.applications.models import Application
from gongmo.applications.paperwork import Key
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from tests.builders import AT_OPENING, Filled, filled_application, publish_sample_call
from tests.sample_call import C, sample_definition, t

ALL = ["government", "lead", "partner"]
HAND = Hand("김담당", "원장", "[[[100,100],[200,150],[300,90]]]")


def _written(
    number: int, template: str, name: str, per: str, roles: list[str], **more: Any
) -> dict[str, Any]:
    paper = {"template": template, **C, "closing": [t("위와 같이 확인합니다.", "We confirm the above.")]}
    paper |= {"source": "local"} if template == "local_pledge" else {}
    return {
        "id": template,
        **C,
        "number": number,
        "name": t(name, name),
        "per": per,
        "roles": roles,
        "formats": ["pdf", "hwpx"],
        "generated": True,
        "paper": paper,
        **more,
    }


DOCUMENTS = [
    _written(1, "application_form", "가상 신청서", "application", ["lead"]),
    _written(2, "consortium_agreement", "가상 협약서", "application", ["lead"]),
    _written(3, "intent", "가상 확인서", "organisation", ALL),
    _written(4, "asset_plan", "가상 자산계획", "organisation", ALL, when={"kind": "buys_assets"}),
    {
        "id": "plan",
        **C,
        "number": 5,
        "name": t("사업계획서", "Project plan"),
        "per": "application",
        "roles": ["lead"],
        "formats": ["pdf", "hwpx"],
    },
]


def signed_definition() -> Definition:
    """The sample call: application form (lead), agreement (all), intent (each), asset plan (buyers), and an uploaded plan."""
    return sample_definition(documents=DOCUMENTS)


def ready_to_sign(partners: int = 1, slug: str | None = None) -> Filled:
    """An application to that call which lacks nothing but signatures and its plan."""
    filled = filled_application(
        publish_sample_call(definition=signed_definition(), slug=slug), partners=partners
    )
    with clock.at(AT_OPENING):
        for item in filled.application.documents.filter(removed_at__isnull=True):
            if item.kind != "plan":
                commands.detach(actor=filled.lead, document_id=item.pk)
    filled.application.refresh_from_db()
    return filled


def seen(application: Application, *keys: Key) -> list[Wanted]:
    """The papers as they lie before a signer now."""
    work = paperwork_of(Application.objects.select_related("call__version").get(pk=application.pk))
    return [Wanted(kind, member, work.sha256(work.slots[(kind, member)])) for kind, member in keys]


def sign(actor: Actor, application: Application, *keys: Key, hand: Hand = HAND) -> Signing:
    """Read and sign."""
    return commands.sign(
        actor=actor, application_id=application.pk, papers=seen(application, *keys), hand=hand, agreed=True
    )
