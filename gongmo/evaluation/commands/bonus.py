"""Bonus points (가점): one officer proposes them with their ground, another confirms or refuses them. Only confirmed ones count."""

from decimal import Decimal
from typing import BinaryIO

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.definition.evaluation import Bonus as BonusRule
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import managed_call, record, said, unfixed
from gongmo.evaluation.inputs import definition_by_hash, scoring_version
from gongmo.evaluation.models import Bonus
from gongmo.evaluation.states import BonusState, bonuses_table
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.locks import lock
from gongmo.rules.ranking.exact import text
from gongmo.screening.queries import eligible_applications


def propose_bonus(
    *,
    actor: Actor,
    application_id: int,
    points: Decimal,
    reason: str,
    item: int | None = None,
    name: str | None = None,
    stream: BinaryIO | None = None,
) -> Bonus:
    """Propose bonus points of one item with their ground (and proof). Refused where the definition has none, and above its maximum.

    `item` is the place of the definition's item; it must be named where the definition lists any.
    """
    call_id = Application.objects.filter(pk=application_id).values_list("call_id", flat=True).first()
    if call_id is None:
        raise NotFound
    with transaction.atomic():
        _rule(managed_call(actor, call_id))
    reason = said(
        reason, field="reason", ko="가점의 근거를 적어 주세요.", en="Give the ground of the bonus.", limit=300
    )
    # Stored before anything is locked, so that a slow upload holds up nobody.
    stored = store(stream=stream, name=name) if stream is not None and name else None
    with transaction.atomic():
        call = managed_call(actor, call_id)
        unfixed(call)
        rule = _rule(call)
        if not eligible_applications(call).filter(pk=application_id).exists():
            raise NotFound
        if (
            not points.is_finite()
            or not 0 < points <= rule.max_points
            or int(points.as_tuple().exponent) < -3
        ):
            raise BadInput(
                "bad_bonus",
                f"가점은 0점보다 크고 {text(rule.max_points)}점 이하로, 소수 셋째 자리까지 적어 주세요.",
                f"A bonus is above 0 and at most {text(rule.max_points)} points, with up to three decimals.",
                field="points",
            )
        if rule.items and (item is None or not 0 <= item < len(rule.items)):
            raise BadInput(
                "bonus_item",
                "공고에 정한 가점 항목 가운데 하나를 골라 주세요.",
                "Choose one of the bonus items that the call names.",
                field="item",
            )
        if (
            rule.items
            and Bonus.objects.filter(application_id=application_id, item=item)
            .exclude(state=BonusState.REFUSED)
            .exists()
        ):
            raise Refused(
                "bonus_twice",
                "이 신청에 같은 항목의 가점이 이미 있습니다.",
                "The application has a bonus for this item already.",
            )
        made = Bonus.objects.create(
            application_id=application_id,
            item=item if rule.items else None,
            points=points,
            reason=reason,
            proposed_at=clock.now(),
            proposed_by_id=actor.person,
            file=stored,
            file_name=(name or "")[:255] if stored else "",
        )
        record(
            actor,
            call,
            "evaluation.propose_bonus",
            ("bonus", made.pk),
            {
                "application": application_id,
                "item": made.item,
                "points": text(points),
                "reason": reason,
                "file": stored.sha256 if stored else None,
            },
        )
        return made


def decide_bonus(*, actor: Actor, bonus_id: int, confirm: bool) -> Bonus:
    """Confirm or refuse proposed bonus points. Refused to the officer who proposed them."""
    call_id = Bonus.objects.filter(pk=bonus_id).values_list("application__call_id", flat=True).first()
    if call_id is None:
        raise NotFound
    with transaction.atomic():
        call = managed_call(actor, call_id)
        unfixed(call)
        lock(Bonus, bonus_id)
        bonus = Bonus.objects.get(pk=bonus_id)
        policies.confirm_bonus.require(actor, call, bonus.proposed_by_id)
        bonus.state = bonuses_table.require(
            BonusState(bonus.state), BonusState.CONFIRMED if confirm else BonusState.REFUSED
        )
        bonus.decided_at, bonus.decided_by_id = clock.now(), actor.person
        bonus.save(update_fields=["state", "decided_at", "decided_by"])
        record(
            actor,
            call,
            "evaluation.give_bonus" if confirm else "evaluation.refuse_bonus",
            ("bonus", bonus.pk),
            {
                "application": bonus.application_id,
                "points": text(bonus.points),
                "reason": bonus.reason,
                "proposed_by": bonus.proposed_by_id,
            },
        )
        return bonus


def _rule(call: Call) -> BonusRule:
    version = scoring_version(call)
    if version is None:
        raise NotFound
    rule = definition_by_hash(version.sha256).evaluation.bonus
    if rule is None:
        raise Refused("no_bonus", "이 공고에는 가점이 없습니다.", "This call has no bonus points.")
    return rule
