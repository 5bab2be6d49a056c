"""The organisation that is asked to join an agreement answers for itself: questions on exclusions, consents, yes or no (decision 0204)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from gongmo.applications.values import CONSENTS
from gongmo.awards import policies
from gongmo.awards.commands.amendment import record
from gongmo.awards.commands.case_base import locked_agreement
from gongmo.awards.commands.versions import definition_for
from gongmo.awards.content import read_content
from gongmo.awards.models import Amendment, PartyChange
from gongmo.awards.states import AmendmentState, JoinState, amendments_table, joins_table
from gongmo.definition.application import Fact, FactSource, Truth
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import canonical_json
from gongmo.kernel.errors import BadInput, NotFound, Refused

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """A newcomer's answer to one question on exclusions; the follow-up exception where it claims it."""

    value: Truth
    follow_up: bool | None = None
    earlier_ended_on: str = ""
    note: str = ""


def answer_joining(
    *,
    actor: Actor,
    amendment_id: int,
    accepts: bool,
    said: Mapping[str, Said] | None = None,
    consents: Mapping[str, bool] | None = None,
    reason: str = "",
) -> PartyChange:
    """The newcomer joins, having answered every question on exclusions and given the required consents; or declines, which ends the request.

    Raises NotFound for everybody but its people, NotAllowed for those who do not sign for it, BadInput for what is missing.
    """
    with transaction.atomic():
        key = Amendment.objects.filter(pk=amendment_id).values_list("agreement_id", flat=True).first()
        if key is None:
            raise NotFound
        agreement = locked_agreement(key)
        change = (
            PartyChange.objects.select_related("joining", "amendment").filter(amendment=amendment_id).first()
        )
        if change is None or change.joining_id is None or not policies.see_joining(actor, change):
            raise NotFound
        policies.answer_joining.require(actor, change)
        amendment = change.amendment
        if amendment.state != AmendmentState.ASKED:
            raise Refused(
                "amendment_answered",
                "이미 끝난 요청입니다. 주관기관에 확인해 주세요.",
                "This request is settled already; ask the lead.",
            )
        change.state = joins_table.require(
            JoinState(change.state), JoinState.ACCEPTED if accepts else JoinState.DECLINED
        )
        change.answered_at, change.answered_by_id = clock.now(), actor.person
        payload: dict[str, object] = {
            "amendment": amendment.pk,
            "organisation": change.joining_id,
            "accepts": accepts,
        }
        if accepts:
            definition = definition_for(read_content(amendment.proposed))
            change.facts = _facts(definition, said or {})
            change.notes = canonical_json(
                {name: each.note for name, each in (said or {}).items() if each.note}
            )
            change.consents = _consents(consents or {})
            payload |= {
                "facts": {name: given["value"] for name, given in change.facts.items()},
                "consents": change.consents,
            }
        else:
            change.answer = _why(reason)
            payload["answer"] = change.answer
            amendment.state = amendments_table.require(
                AmendmentState(amendment.state), AmendmentState.WITHDRAWN
            )
            amendment.answered_at = clock.now()
            amendment.save(update_fields=["state", "answered_at"])
        change.save()
        record(actor, agreement, "awards.answer_joining", payload)
        return change


def _facts(definition: Definition, said: Mapping[str, Said]) -> dict[str, dict[str, object]]:
    """Every question of the call answered with yes or no, as plain facts. Raises BadInput."""
    missing = [
        kind for kind in definition.facts if kind.id not in said or said[kind.id].value is Truth.UNKNOWN
    ]
    if missing:
        raise BadInput(
            "fact_missing",
            f"자가점검에 모두 답해 주세요: {', '.join(kind.name.ko for kind in missing[:5])}.",
            f"Answer every question: {', '.join(kind.name.en for kind in missing[:5])}.",
            field=f"fact-{missing[0].id}",
        )
    today = clock.now().astimezone(clock.SEOUL).date()
    found: dict[str, dict[str, object]] = {}
    for kind in definition.facts:
        each = said[kind.id]
        if len(each.note) > LONGEST_NOTE:
            raise BadInput(
                "note_too_long",
                f"설명은 {LONGEST_NOTE:,}자 이내로 적어 주세요.",
                f"Keep the note within {LONGEST_NOTE:,} letters.",
                field=f"note-{kind.id}",
            )
        try:
            fact = Fact.model_validate(
                {
                    "value": each.value,
                    "as_of": today,
                    "source": FactSource.SELF,
                    "follow_up": each.follow_up,
                    "earlier_ended_on": each.earlier_ended_on or None,
                }
            )
        except ValueError:
            raise BadInput(
                "earlier_ended_on",
                "앞선 과제가 끝난 날을 날짜로 적어 주세요.",
                "Give the day on which the earlier project ended.",
                field=f"ended-{kind.id}",
            ) from None
        found[kind.id] = fact.model_dump(mode="json", exclude={"note"})
    return found


def _consents(given: Mapping[str, bool]) -> dict[str, bool]:
    lacking = [kind for kind in CONSENTS if kind.required and not given.get(kind.id)]
    if lacking:
        raise BadInput(
            "consent_missing",
            f"꼭 필요한 동의입니다: {', '.join(kind.name.ko for kind in lacking)}.",
            f"These consents are needed: {', '.join(kind.name.en for kind in lacking)}.",
            field=f"consent-{lacking[0].id}",
        )
    return {kind.id: bool(given.get(kind.id)) for kind in CONSENTS}


def _why(text: str) -> str:
    if not text.strip():
        raise BadInput(
            "empty_text", "참여하지 않는 까닭을 적어 주세요.", "Say why you do not join.", field="reason"
        )
    return text.strip()[:2000]
