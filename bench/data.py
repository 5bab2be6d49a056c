"""What the rehearsal does not leave behind: an open call with a draft of three organisations, one of 300, and one handed in.

Made through the commands, two days ago; only the 300 organisations' rows are made directly, as 300 invitations are not the question.
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from gongmo.applications import commands
from gongmo.applications.models import Application, BudgetCell, Member
from gongmo.applications.states import MemberState
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.definition.base import OrganisationKind
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.parties.models import Organisation, Person
from tests.builders import (
    good_cells,
    hand_in_documents,
    join,
    make_agency_officer,
    make_applicant,
    make_organisation,
    speak,
)
from tests.sample_call import sample_definition

REGION = "KR-48"


@dataclass(frozen=True, slots=True)
class Draft:
    """An application, its lead organisation, and the e-mail address of its lead's person."""

    pk: int
    lead: int
    email: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """`small`: three organisations, complete; `handed`: the same, submitted; `large`: 300 organisations with 20 cells each."""

    slug: str
    small: Draft
    handed: Draft
    large: Draft


def kept(told: Path) -> Seeded:
    """What an earlier run has made and told in that file, or a new one."""
    if told.exists():
        found = json.loads(told.read_text("utf-8"))
        return Seeded(found.pop("slug"), **{name: Draft(**each) for name, each in found.items()})
    seeded = seed()
    told.write_text(json.dumps(asdict(seeded)), "utf-8")
    return seeded


def seed() -> Seeded:
    """Make the call and its three applications in the database of this process."""
    now = clock.now()
    with clock.at(now - timedelta(days=12)):
        agency = make_agency_officer()
        call = calls.publish(
            actor=agency,
            definition=sample_definition(id="bench"),
            operator_id=agency.organisation or 0,
            slug="bench",
            intake=(now - timedelta(days=10), now + timedelta(days=20)),
        )
    with clock.at(now - timedelta(days=2)):
        small, handed, large = _filled(call), _filled(call), _filled(call)
        commands.submit(actor=handed[1], application_id=handed[0].pk)
        _widen(large)
    return Seeded(call.slug, *(_told(each) for each in (small, handed, large)))


def _told(filled: tuple[Application, Actor]) -> Draft:
    application, lead = filled
    return Draft(application.pk, lead.organisation or 0, Person.objects.get(pk=lead.person or 0).email)


def _filled(call: Call) -> tuple[Application, Actor]:
    """Lead, government and one partner: money, self-checks and documents, nothing missing."""
    lead = make_applicant(REGION)
    own = lead.organisation or 0
    with transaction.atomic():
        application = commands.start(actor=lead, call_id=call.pk, title=f"가상 사업 {own}", region=REGION)
        speak(call, Member.objects.get(application=application), lead)
        for kind, role in (
            (OrganisationKind.METROPOLITAN_GOVERNMENT, "government"),
            (OrganisationKind.COMPANY, "partner"),
        ):
            join(application, lead, make_organisation(kind, REGION), role)
        commands.update_overview(
            actor=lead,
            application_id=application.pk,
            title=application.title,
            summary="측정을 위한 개요입니다.",
            fields=["solution"],
        )
        commands.set_cells(actor=lead, application_id=application.pk, cells=good_cells(own))
        hand_in_documents(application, lead)
    return application, lead


def _widen(filled: tuple[Application, Actor]) -> None:
    application, _ = filled
    Organisation.objects.bulk_create(
        Organisation(
            name=f"가상 참여기업 {number:03d}",
            kind="company",
            region_id=REGION,
            invented=True,
            created_at=clock.now(),
        )
        for number in range(297)
    )
    many = list(Organisation.objects.filter(name__startswith="가상 참여기업 ").order_by("-pk")[:297])
    Member.objects.bulk_create(
        Member(
            application=application,
            organisation=each,
            role="partner",
            state=MemberState.ACCEPTED,
            invited_at=clock.now(),
        )
        for each in many
    )
    BudgetCell.objects.bulk_create(
        BudgetCell(
            application=application,
            organisation=each,
            year=year,
            field=field,
            category="staff",
            source=source,
            form=form,
            amount=1_000_000 + share,
        )
        for each in many
        for year in (2030, 2031)
        for field in ("solution", "people")
        for share, (source, form) in enumerate(
            [
                ("national", "cash"),
                ("local", "cash"),
                ("private", "cash"),
                ("private", "in_kind"),
                ("other", "cash"),
            ]
        )
    )
