"""A region's own call: it hands on the money of its agreement, and never more (design: calls nest)."""

from datetime import datetime

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.models import Agreement
from gongmo.awards.queries import handed_on, money_for
from gongmo.awards.states import AgreementState
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.calls.values import Announcement, ParentGrant
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.kernel.korean import won


def open_regional_call(
    *,
    actor: Actor,
    agreement_id: int,
    definition: Definition,
    operator_id: int,
    slug: str | None = None,
    intake: tuple[datetime, datetime] | None = None,
    announcement: Announcement | None = None,
) -> Call:
    """Publish a second-level call under an agreement in force.

    The pots of all its calls that were not cancelled never exceed the agreement's money of the sources that the
    definition names. `intake` gives the window when it differs from the definition's.
    """
    with transaction.atomic():
        try:
            agreement = (
                Agreement.objects.select_for_update(of=("self",))
                .select_related("call", "application__region")
                .get(pk=agreement_id)
            )
        except Agreement.DoesNotExist:
            raise NotFound from None
        if not policies.see_agreement(actor, agreement):
            raise NotFound
        policies.open_regional_call.require(actor, agreement, operator_id)
        if agreement.state != AgreementState.IN_FORCE:
            raise Refused(
                "agreement_state",
                "발효 중인 협약에서만 지역 공고를 열 수 있습니다.",
                "A regional call can be opened only under an agreement in force.",
            )
        second_level = definition.second_level
        if second_level is None or second_level.parent_programme != agreement.call.programme:
            raise Refused(
                "not_second_level",
                "이 정의는 이 협약의 사업에 딸린 2단계 공고가 아닙니다. 정의의 second_level을 확인해 주세요.",
                "This definition is no second-level call of the agreement's programme; check its second_level.",
            )
        available = money_for(agreement, second_level.sources) - handed_on(agreement)
        if second_level.pot > available:
            raise Refused(
                "beyond_agreement",
                f"공모 재원 {won(second_level.pot)}이 협약에서 남은 {won(available)}보다 많습니다. 재원을 줄여 주세요.",
                f"The pot of {second_level.pot:,} won exceeds the {available:,} won left of the agreement; lower it.",
                details={"pot": second_level.pot, "available": available},
            )
        region = agreement.application.region_id or ""
        parent = ParentGrant(agreement.pk, agreement.number, region, available, agreement.call_id)
        return calls.publish(
            actor=actor,
            definition=definition,
            operator_id=operator_id,
            rehearsal=agreement.call.rehearsal,
            parent=parent,
            slug=slug,
            intake=intake,
            announcement=announcement,
        )
