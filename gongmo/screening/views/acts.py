"""The acts of one review's page: each reads its form and calls one command; the words say what was done."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.datastructures import MultiValueDict

from gongmo.definition.application import FactSource, Truth
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound
from gongmo.screening import commands, reading
from gongmo.screening.models import Review
from gongmo.screening.states import ReviewState

Given = Mapping[str, Any]
Files = MultiValueDict[str, Any]


def _fact(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    upload = files.get("evidence")
    follow_up = {"yes": True, "no": False}.get(given.get("follow_up", ""))
    commands.record_fact(
        actor=actor,
        application_id=found.application_id,
        organisation_id=reading.number(given.get("organisation", ""), "organisation"),
        fact=given.get("fact", ""),
        value=reading.choice(Truth, given.get("value", ""), "value"),
        source=reading.choice(FactSource, given.get("source", ""), "source"),
        as_of=reading.needed_day(given.get("as_of", ""), "as_of"),
        since=reading.day(given.get("since", ""), "since"),
        until=reading.day(given.get("until", ""), "until"),
        follow_up=follow_up,
        earlier_ended_on=reading.day(given.get("earlier_ended_on", ""), "earlier_ended_on"),
        note=given.get("note", ""),
        evidence=None if upload is None else (upload.name, upload),
    )
    return "확인한 사실을 기록했습니다.", "The fact is recorded."


def _supplement(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.request_supplement(
        actor=actor,
        application_id=found.application_id,
        what=given.get("what", ""),
        due_at=reading.instant(given.get("due_at", ""), "due_at"),
        opened=[name.removeprefix("open-") for name in given if name.startswith("open-")],
    )
    return "보완을 요청했습니다.", "The supplement is asked for."


def _one_of(rows: Iterable[Model], given: Given, name: str) -> int:
    """The id that the form names, of what was read with the review. Raises BadInput, NotFound."""
    pk = reading.number(given.get(name, ""), name)
    if pk not in {row.pk for row in rows}:
        raise NotFound
    return pk


def _accept(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    pk = _one_of(found.application.supplements.all(), given, "supplement")
    commands.accept_supplement(actor=actor, supplement_id=pk)
    return "보완을 완료로 처리했습니다.", "The supplement is accepted."


def _withdraw_supplement(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    pk = _one_of(found.application.supplements.all(), given, "supplement")
    commands.withdraw_supplement(actor=actor, supplement_id=pk, reason=given.get("reason", ""))
    return "보완 요청을 거두고 신청 기관에 알립니다.", "The request is taken back, and the applicant is told."


def _demand(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.demand_proof(
        actor=actor,
        application_id=found.application_id,
        organisation_id=reading.number(given.get("organisation", ""), "organisation"),
        fact=given.get("fact", ""),
        due_at=reading.instant(given.get("due_at", ""), "due_at"),
    )
    return "증빙을 요구했습니다.", "The proof is demanded."


def _eligible(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.decide_eligible(actor=actor, review_id=found.pk)
    return "적격으로 결정했습니다.", "Decided: eligible."


def _propose(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    clause, _, organisation = given.get("ground", "").partition("|")
    commands.propose_exclusion(
        actor=actor,
        review_id=found.pk,
        clause=clause,
        organisation_id=int(organisation) if organisation.isdecimal() else None,
        reason=given.get("reason", ""),
        on=clock.now().astimezone(SEOUL).date() if found.state == ReviewState.ELIGIBLE else None,
    )
    return (
        "제외를 제안했습니다. 다른 담당자가 확정하면 제외됩니다.",
        "The exclusion is proposed; another officer confirms it.",
    )


def _confirm(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    commands.confirm_exclusion(actor=actor, review_id=found.pk)
    return "제외를 확정했습니다.", "The exclusion is confirmed."


def _reinstate(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    proposal = found.state == ReviewState.EXCLUSION_PROPOSED
    own = proposal and found.proposed_by_id == actor.person
    commands.reinstate(actor=actor, review_id=found.pk, reason=given.get("reason", ""))
    if not proposal:
        return "제외를 취소했습니다.", "The exclusion is lifted."
    if own:
        return "제안을 거두었습니다.", "You have taken the proposal back."
    return (
        "제안을 돌려보냈습니다. 제안한 담당자에게 알립니다.",
        "The proposal is sent back; its officer is told.",
    )


def _officer(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    text = given.get("officer", "")
    commands.assign_officer(
        actor=actor,
        call_id=found.application.call_id,
        review_ids=[found.pk],
        officer_id=None if text == "none" else reading.number(text, "officer"),
    )
    return "담당자를 정했습니다.", "The officer in charge is set."


def _objection(actor: Actor, found: Review, given: Given, files: Files) -> tuple[str, str]:
    pk = _one_of(found.objections.all(), given, "objection")
    verdict = given.get("verdict", "")
    if verdict not in ("accept", "reject"):
        raise BadInput(
            "not_chosen", "받아들일지 골라 주세요.", "Choose whether to uphold it.", field="verdict"
        )
    accept = verdict == "accept"
    commands.answer_objection(actor=actor, objection_id=pk, accept=accept, answer=given.get("answer", ""))
    if accept:
        return "이의를 받아들여 제외를 취소했습니다.", "The objection is upheld and the exclusion lifted."
    return "이의를 기각하고 신청 기관에 알립니다.", "The objection is rejected and the applicant is told."


ACTS: dict[str, Callable[[Actor, Review, Given, Files], tuple[str, str]]] = {
    "supplement": _supplement,
    "accept": _accept,
    "withdraw-supplement": _withdraw_supplement,
    "demand": _demand,
    "eligible": _eligible,
    "propose": _propose,
    "confirm": _confirm,
    "reinstate": _reinstate,
    "officer": _officer,
    "objection": _objection,
}

FACT_ACTS: dict[str, Callable[[Actor, Review, Given, Files], tuple[str, str]]] = {
    "fact": _fact,
    "demand": _demand,
}
"""What can be done where one fact stands beside its evidence: the address names organisation and question."""
