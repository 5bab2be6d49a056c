"""An organisation has its own business number verified by the Tax Service. Told, never a block."""

from datetime import date

from django.db import transaction

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.parties.models import Organisation
from gongmo.registers import policies
from gongmo.registers.outcomes import Register
from gongmo.registers.settings import is_on


def verify_number(*, actor: Actor, organisation_id: int, opened_on: date | None, head: str) -> None:
    """Have number, opening day and head's name compared by the register, in a task. The name goes to the register and is not kept.

    Raises NotFound for those who may not see the organisation, NotAllowed, BadInput, and Refused without a number or a key.
    """
    from gongmo.registers.tasks import verify

    if not policies.see_own(actor, organisation_id):
        raise NotFound
    policies.verify_own.require(actor, organisation_id)
    head = head.strip()
    if opened_on is None or opened_on > clock.now().astimezone(clock.SEOUL).date():
        raise BadInput(
            "opened_on",
            "사업자등록증에 적힌 개업 연월일을 골라 주세요.",
            "Give the opening day as it stands on the business registration.",
            field="opened_on",
        )
    if not head or len(head) > 60:
        raise BadInput(
            "head",
            "사업자등록증에 적힌 대표자 이름을 60자 이내로 적어 주세요.",
            "Give the head's name as on the business registration, at most 60 letters.",
            field="head",
        )
    with transaction.atomic():
        organisation = Organisation.objects.filter(pk=organisation_id).first()
        if organisation is None:
            raise NotFound
        if not organisation.business_number:
            raise Refused(
                "no_number",
                "기관 정보에 사업자등록번호를 먼저 적어 주세요.",
                "Give the business number in the profile first.",
            )
        if not is_on(Register.BUSINESS_VALIDATION):
            raise Refused(
                "registers_off",
                "이 설치에서는 국세청 확인을 쓰지 않습니다. 확인하지 않아도 신청할 수 있습니다.",
                "This installation does not ask the Tax Service. You can apply without it.",
            )
        append(
            actor=actor,
            act="registers.verify_number",
            subject=("organisation", organisation.pk),
            payload={"number": organisation.business_number},
        )
        verify.enqueue(
            key=f"registers.verify:{organisation.pk}",
            again=True,
            organisation=organisation.pk,
            start_dt=opened_on.strftime("%Y%m%d"),
            p_nm=head,
        )
