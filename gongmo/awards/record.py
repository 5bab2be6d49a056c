"""Negotiations and agreements as the record tells them: folded from the entries alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongmo.awards.states import AgreementState, CaseState, NegotiationState
from gongmo.ledger.queries import entries_of_call

VERSION_ACTS = frozenset({"awards.tell_amendment", "awards.approve_amendment", "awards.re_agree"})
CASE_ACTS = frozenset(
    {
        "awards.open_termination",
        "awards.ask_consent",
        "awards.answer_consent",
        "awards.state_in_termination",
        "awards.propose_termination",
        "awards.return_termination",
        "awards.keep_agreement",
    }
)


@dataclass
class AgreementTold:
    """An agreement's state, period (ISO days), won by year, source and form, and its parties."""

    state: str
    period: tuple[str, str]
    money: dict[tuple[int, str, str], int]
    signed: set[int]
    parties: dict[int, str]


@dataclass
class Told:
    """Negotiation states by application id, agreements and the states of cases on ending them by id."""

    negotiations: dict[int, str] = field(default_factory=dict)
    agreements: dict[int, AgreementTold] = field(default_factory=dict)
    cases: dict[int, str] = field(default_factory=dict)


def _follow(agreement: AgreementTold, payload: Mapping[str, Any]) -> None:
    """A version has come into force: period and money are its own from now on."""
    if "in_force" in payload:
        agreement.period = (payload["period"][0], payload["period"][1])
        agreement.money = {
            (row["year"], row["source"], row["form"]): row["amount"] for row in payload["money"]
        }
    if "parties" in payload:
        agreement.parties = {row["organisation"]: row["role"] for row in payload["parties"]}
        agreement.signed &= set(agreement.parties)


def told_by_record(slug: str) -> Told:
    """Fold the entries of a call in their order."""
    told = Told()
    for record in entries_of_call(slug):
        payload = record.payload
        if record.act == "awards.open_negotiations":
            told.negotiations.update(dict.fromkeys(payload["reserve"], NegotiationState.RESERVE.value))
            told.negotiations.update(dict.fromkeys(payload["preferred"], NegotiationState.OPEN.value))
        elif record.act == "awards.agree_negotiation":
            told.negotiations[int(record.subject_id)] = NegotiationState.AGREED.value
        elif record.act == "awards.fail_negotiation":
            told.negotiations[int(record.subject_id)] = NegotiationState.FAILED.value
            if payload["promoted"] is not None:
                told.negotiations[payload["promoted"]] = NegotiationState.OPEN.value
        elif record.act == "awards.draw_up_agreement":
            told.agreements[payload["agreement"]] = AgreementTold(
                state=AgreementState.DRAFT.value,
                period=(payload["period"][0], payload["period"][1]),
                money={
                    (row["year"], row["source"], row["form"]): row["amount"]
                    for row in payload["money"]
                    if row["amount"]
                },
                signed=set(),
                parties={row["organisation"]: row["role"] for row in payload["parties"]},
            )
        elif record.act == "awards.sign_agreement":
            agreement = told.agreements[payload["agreement"]]
            agreement.signed.add(payload["organisation"])
            agreement.state = payload["state"]
            _follow(agreement, payload)
        elif record.act == "awards.revise_agreement":
            told.agreements[payload["agreement"]].signed.clear()
        elif record.act == "awards.finish_agreement":
            told.agreements[payload["agreement"]].state = AgreementState.FINISHED.value
        elif record.act in VERSION_ACTS:
            _follow(told.agreements[payload["agreement"]], payload)
        elif record.act == "awards.terminate_agreement":
            told.agreements[payload["agreement"]].state = AgreementState.TERMINATED.value
            told.cases[payload["case"]] = CaseState.TERMINATED.value
        elif record.act in CASE_ACTS:
            told.cases[payload["case"]] = payload["state"]
    return told
