"""The pool of evaluators: who they are, where they work, and to whom they are related."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from gongmo.evaluation import conflicts, policies
from gongmo.evaluation.commands.base import labelled, record_void
from gongmo.evaluation.models import SECTORS, Affiliation, Evaluator, Ranking, Relation
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.parties.models import Organisation, Person, Region
from gongmo.rules.committee import Relation as RelationKind


def register_evaluator(
    *,
    actor: Actor,
    person_id: int,
    label: str,
    sector: str,
    expertise: list[str],
    region: str | None = None,
    affiliations: Sequence[tuple[int, date, date | None]] = (),
    pool_consent_on: date | None = None,
    privacy_consent_on: date | None = None,
) -> Evaluator:
    """Take a person into the pool. `label` is shown to those who may not know the person.

    `affiliations` are (organisation id, first day, last day or None). The consents carry the day on which the person gave them; who
    has not given both is not proposed. Refused when the person or the label is there already.
    """
    policies.keep_pool.require(actor)
    label = label.strip()
    if not label:
        raise BadInput("label_missing", "평가위원의 표시 이름을 적어 주세요.", "Give a label.", field="label")
    if sector not in dict(SECTORS):
        raise BadInput(
            "unknown_sector",
            "산업계, 학계, 연구계 가운데 하나를 골라 주세요.",
            "Choose industry, academia or research.",
            field="sector",
        )
    if any(until is not None and until < since for _, since, until in affiliations):
        raise BadInput(
            "affiliation_order",
            "소속 기간의 끝이 시작보다 앞섭니다.",
            "An affiliation ends before it starts.",
            field="affiliations",
        )
    organisations = {organisation for organisation, _, _ in affiliations}
    if (
        not Person.objects.filter(pk=person_id).exists()
        or (region is not None and not Region.objects.filter(pk=region).exists())
        or Organisation.objects.filter(pk__in=organisations).count() != len(organisations)
    ):
        raise NotFound
    try:
        with transaction.atomic():
            evaluator = Evaluator.objects.create(
                person_id=person_id,
                label=label,
                sector=sector,
                expertise=list(expertise),
                region_id=region,
                registered_at=clock.now(),
                pool_consent_on=pool_consent_on,
                privacy_consent_on=privacy_consent_on,
            )
            for organisation, since, until in affiliations:
                Affiliation.objects.create(
                    evaluator=evaluator, organisation_id=organisation, since=since, until=until
                )
            append(
                actor=actor,
                act="evaluation.register_evaluator",
                subject=("evaluator", evaluator.pk),
                payload={
                    "label": label,
                    "sector": sector,
                    "region": region,
                    "consents": [pool_consent_on, privacy_consent_on],
                    "affiliations": [list(each) for each in affiliations],
                },
            )
    except IntegrityError:
        raise Refused(
            "evaluator_exists",
            "이미 등록된 사람이거나 이미 쓰는 표시 이름입니다.",
            "The person or the label is in the pool already.",
        ) from None
    return evaluator


def declare_relation(
    *,
    actor: Actor,
    evaluator_id: int,
    organisation_id: int,
    kind: str,
    note: str = "",
    ended_on: date | None = None,
) -> Relation:
    """Declare an expert's relation to an organisation. It counts at once: sheets it disqualifies for become void.

    `kind`: self, spouse, relative, testimony, advice, research, agent, adviser (which fades after `ended_on`).
    """
    with transaction.atomic():
        evaluator = Evaluator.objects.filter(pk=evaluator_id).first()
        if evaluator is None or not Organisation.objects.filter(pk=organisation_id).exists():
            raise NotFound
        policies.declare_relation.require(actor, evaluator)
        if kind not in set(RelationKind):
            raise BadInput(
                "unknown_relation",
                "관계의 종류를 골라 주세요.",
                f"Choose a relation: {', '.join(RelationKind)}.",
                field="kind",
            )
        relation = Relation.objects.create(
            evaluator=evaluator,
            organisation_id=organisation_id,
            kind=kind,
            ended_on=ended_on,
            note=note.strip()[:300],
            declared_at=clock.now(),
        )
        seats = list(
            evaluator.seats.exclude(committee__call__in=Ranking.objects.values("call"))
            .select_related("committee__call__version")
            .order_by("pk")
        )
        voided = [(seat.committee.call, conflicts.detect(seat.committee, [seat])) for seat in seats]
        append(
            actor=labelled(actor),
            act="evaluation.declare_relation",
            subject=("evaluator", evaluator.pk),
            payload={"organisation": organisation_id, "kind": kind, "ended_on": ended_on},
        )
        for call, told in voided:
            record_void(actor, call, told.voided)
        return relation
