"""Taking many experts into the pool from a file that was read and shown before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import record_void
from gongmo.evaluation.commands.pool_keeping import career_conflicts, employer, today, words
from gongmo.evaluation.models import SECTORS, Affiliation, Evaluator
from gongmo.evaluation.pool_file import ExpertInput
from gongmo.evaluation.voiding import Told
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role, system
from gongmo.kernel.errors import BadInput
from gongmo.ledger.commands import append
from gongmo.ledger.locks import lock
from gongmo.parties import commands as parties
from gongmo.parties.models import Grant, Person, Region


@dataclass(frozen=True, slots=True)
class Imported:
    """How many experts are new, and how many in the pool got their particulars and career renewed."""

    made: int
    renewed: int


def import_evaluators(*, actor: Actor, rows: Sequence[ExpertInput]) -> Imported:
    """Take the rows into the pool in one transaction: persons are known by their address, new ones get an account without a password.

    Rows of one address are one expert; places of work that are known already (same employer and first day) get the new last day.
    An earlier consent is never taken away by an empty cell. Raises BadInput where a row is not usable.
    """
    policies.keep_pool.require(actor)
    if not rows:
        raise BadInput("no_rows", "등록할 줄이 없습니다.", "There is nothing to take.", field="file")
    by_email: dict[str, list[ExpertInput]] = {}
    for row in rows:
        by_email.setdefault(row.email, []).append(row)
    made = renewed = 0
    told: list[dict[str, object]] = []
    voided: list[tuple[Call, Told | None]] = []
    with transaction.atomic():
        number = Evaluator.objects.count()
        for those in by_email.values():
            person = _person(actor, those[0])
            lock(Person, person.pk)
            evaluator = Evaluator.objects.filter(person=person).first()
            if evaluator is None:
                number = _next(number)
                evaluator = Evaluator(
                    person=person, label=f"평가위원 {number:03d}", registered_at=clock.now()
                )
                made += 1
            else:
                renewed += 1
            _fill(evaluator, those)
            voided += career_conflicts(evaluator)
            told.append({"evaluator": evaluator.pk, "label": evaluator.label, "rows": len(those)})
        append(
            actor=actor,
            act="evaluation.import_evaluators",
            subject=("pool", 0),
            payload={"made": made, "renewed": renewed, "experts": told},
        )
        for call, void in voided:
            record_void(actor, call, void)
    return Imported(made, renewed)


def _next(number: int) -> int:
    """The next number whose label is free."""
    number += 1
    while Evaluator.objects.filter(label=f"평가위원 {number:03d}").exists():
        number += 1
    return number


def _person(actor: Actor, row: ExpertInput) -> Person:
    """The person of an address, registered where new, with the role of an evaluator."""
    registrar = system(actor.origin)
    person = Person.objects.filter(email=row.email).first()
    if person is None:
        person = parties.register_person(actor=registrar, email=row.email, display_name=row.name)
    if not Grant.objects.filter(person=person, role=Role.EVALUATOR.value, until__isnull=True).exists():
        parties.grant_role(actor=registrar, person_id=person.pk, role=Role.EVALUATOR)
    return person


def _fill(evaluator: Evaluator, rows: Sequence[ExpertInput]) -> None:
    first = rows[0]
    if first.sector not in dict(SECTORS):
        raise BadInput("unknown_sector", "계열을 확인해 주세요.", "Check the sector.", field="file")
    if first.region is not None and not Region.objects.filter(pk=first.region).exists():
        raise BadInput("unknown_region", "지역을 확인해 주세요.", "Check the region.", field="file")
    evaluator.sector = first.sector
    evaluator.expertise = words([word for row in rows for word in row.expertise])
    evaluator.region_id = first.region or evaluator.region_id
    evaluator.pool_consent_on = first.pool_consent_on or evaluator.pool_consent_on
    evaluator.privacy_consent_on = first.privacy_consent_on or evaluator.privacy_consent_on
    if first.outside:
        evaluator.outside_year, evaluator.outside_sessions = today().year, first.outside
    evaluator.save()
    for row in rows:
        if row.since is None or not (row.employer or row.number):
            continue
        found, name, number = employer(row.employer, row.number)
        held = Affiliation.objects.filter(evaluator=evaluator, since=row.since)
        same = held.filter(organisation=found) if found else held.filter(organisation_name=name)
        work = same.first() or Affiliation(
            evaluator=evaluator,
            organisation=found,
            organisation_name=name,
            business_number=number,
            since=row.since,
        )
        work.until, work.position = row.until or work.until, row.position or work.position
        work.save()
