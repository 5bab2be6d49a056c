"""Small builders for tests of the floors: everything is made through commands, as people make it.

Instants: AT_OPENING lies within the sample call's intake, CLOSES is its closing instant, AFTER lies behind it.
"""

import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gongmo.applications import commands as applications
from gongmo.applications.models import Application, Member, Submission
from gongmo.applications.values import CONSENTS, CellInput
from gongmo.calls import commands as calls
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.calls.values import ParentGrant
from gongmo.definition.application import Truth
from gongmo.definition.base import OrganisationKind
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role, system
from gongmo.parties import commands as parties
from gongmo.parties.models import Organisation, Person
from tests.sample_call import sample_definition, sample_regional

SYSTEM = system("test")
AT_OPENING = datetime(2030, 2, 10, 1, 0, tzinfo=UTC)
CLOSES = datetime(2030, 3, 15, 8, 0, tzinfo=UTC)
AFTER = CLOSES + timedelta(hours=1)
AT_REGIONAL = datetime(2030, 5, 10, 1, 0, tzinfo=UTC)

_serial = itertools.count(1)


@dataclass(frozen=True)
class Party:
    """An organisation, its person and the actor who acts for it."""

    organisation: Organisation
    person: Person
    actor: Actor


def make_organisation(
    kind: OrganisationKind = OrganisationKind.COMPANY, region: str | None = "KR-48", name: str = ""
) -> Organisation:
    number = next(_serial)
    return parties.register_organisation(
        actor=SYSTEM, name=name or f"가상 기관 {number}", kind=kind, region=region, invented=True
    )


def make_person(name: str = "담당자 A") -> Person:
    number = next(_serial)
    return parties.register_person(
        actor=SYSTEM, email=f"person{number}@example.com", display_name=name, password=None, invented=True
    )


def member_actor(
    organisation: Organisation,
    role: OrganisationRole = OrganisationRole.OWNER,
    person: Person | None = None,
) -> Actor:
    """A new member of the organisation (or the given person), as the actor of its acts."""
    person = person or make_person()
    parties.add_member(actor=SYSTEM, person_id=person.pk, organisation_id=organisation.pk, role=role)
    return Actor(
        role=Role.APPLICANT,
        person=person.pk,
        name=person.display_name,
        organisation=organisation.pk,
        organisation_name=organisation.name,
        organisation_role=role,
        origin="test",
    )


def officer(role: Role, organisation: Organisation | None) -> Actor:
    """A new person with a role outside the applying organisations (agency, ministry, task force, evaluator)."""
    person = make_person()
    organisation_id = organisation.pk if organisation else None
    parties.grant_role(actor=SYSTEM, person_id=person.pk, role=role, organisation_id=organisation_id)
    return Actor(
        role=role,
        person=person.pk,
        name=person.display_name,
        organisation=organisation_id,
        organisation_name=organisation.name if organisation else "",
        origin="test",
    )


def make_agency_officer(organisation: Organisation | None = None) -> Actor:
    """An officer of an agency (a new one when none is given)."""
    return officer(
        Role.AGENCY,
        organisation or make_organisation(OrganisationKind.PUBLIC_INSTITUTION, None, "가상 전담기관"),
    )


def make_ministry_officer() -> Actor:
    return officer(Role.MINISTRY, make_organisation(OrganisationKind.OTHER, None, "가상 부처"))


def make_task_force_officer(region: str = "KR-48") -> Actor:
    return officer(Role.TASK_FORCE, make_organisation(OrganisationKind.OTHER, region, "가상 지역 사업단"))


def make_applicant(
    region: str = "KR-48",
    kind: OrganisationKind = OrganisationKind.REGIONAL_INNOVATION_AGENCY,
    role: OrganisationRole = OrganisationRole.OWNER,
) -> Actor:
    """A person of a new organisation in the region, who may write and submit (owner) when nothing else is said."""
    return member_actor(make_organisation(kind, region), role)


def publish_sample_call(
    agency: Actor | None = None, definition: Definition | None = None, slug: str | None = None
) -> Call:
    """The sample call, published before its intake opens. The agency's organisation operates it."""
    agency = agency or make_agency_officer()
    assert agency.organisation is not None
    with clock.at(datetime(2030, 1, 31, 0, 0, tzinfo=UTC)):
        return calls.publish(
            actor=agency,
            definition=definition or sample_definition(),
            operator_id=agency.organisation,
            slug=slug,
        )


def publish_sample_regional(
    task_force: Actor | None = None,
    region: str = "KR-48",
    parent: Call | None = None,
    slug: str | None = None,
) -> Call:
    """The second-level sample call under a made-up agreement with 1,000,000,000 won left."""
    task_force = task_force or make_task_force_officer(region)
    assert task_force.organisation is not None
    with clock.at(datetime(2030, 4, 30, 0, 0, tzinfo=UTC)):
        return calls.publish(
            actor=task_force,
            definition=sample_regional(),
            operator_id=task_force.organisation,
            parent=ParentGrant(1, "가상 협약 01", region, 1_000_000_000, parent.pk if parent else None),
            slug=slug,
        )


def pdf(text: str = "sample") -> io.BytesIO:
    """A small valid PDF that shows the text (ASCII)."""
    stream = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return io.BytesIO(bytes(out))


def good_cells(organisation_id: int, scale: int = 1) -> list[CellInput]:
    """60 / 20 / 20 with a little room, two years: 1,000,000,000 x scale won in all."""
    unit = 5_000_000 * scale
    return [
        CellInput(organisation_id, year, "solution", "staff", source, form, share * unit)
        for year in (2030, 2031)
        for source, form, share in (
            ("national", "cash", 59),
            ("local", "cash", 21),
            ("private", "cash", 10),
            ("private", "in_kind", 10),
        )
    ]


def join(
    application: Application, lead: Actor, organisation: Organisation, role: str
) -> tuple[Member, Actor]:
    """Invite an organisation, let it accept, check itself and consent. Answers its place and its person's actor."""
    member = applications.invite(
        actor=lead, application_id=application.pk, organisation_id=organisation.pk, role=role
    )
    actor = member_actor(organisation)
    applications.answer_invitation(actor=actor, member_id=member.pk, accept=True)
    speak(application.call, member, actor)
    return member, actor


def speak(call: Call, member: Member, actor: Actor) -> None:
    """Every self-check answered with no, every required consent given."""
    for fact in definition_of(call).facts:
        applications.declare(actor=actor, member_id=member.pk, fact=fact.id, value=Truth.NO)
    for kind in CONSENTS:
        if kind.required:
            applications.consent(actor=actor, member_id=member.pk, kind=kind.id, given=True)


def hand_in_documents(application: Application, lead: Actor) -> None:
    """Every document that is always due, as small PDFs."""
    members = Member.objects.filter(application=application, state="accepted")
    for kind in definition_of(application.call).documents:
        if kind.when.kind != "always":
            continue
        owing: Sequence[Member | None] = [None]
        if kind.per == "organisation":
            owing = [member for member in members if member.role in kind.roles]
        for member in owing:
            applications.attach(
                actor=lead,
                application_id=application.pk,
                kind=kind.id,
                name=f"{kind.id}.pdf",
                stream=pdf(f"{kind.id} {member.pk if member else 0}"),
                member_id=member.pk if member else None,
            )


@dataclass(frozen=True)
class Filled:
    """An application that is ready to be submitted, its lead's actor and its members' actors by organisation id."""

    application: Application
    lead: Actor
    actors: dict[int, Actor]


def filled_application(call: Call, region: str = "KR-48", partners: int = 1, scale: int = 1) -> Filled:
    """An application to the sample call that lacks nothing: government, lead and partners, money, self-checks, documents."""
    with clock.at(AT_OPENING):
        lead = make_applicant(region)
        assert lead.organisation is not None
        application = applications.start(
            actor=lead, call_id=call.pk, title=f"가상 사업 {lead.organisation}", region=region
        )
        own = Member.objects.get(application=application)
        speak(call, own, lead)
        actors = {lead.organisation: lead}
        government = make_organisation(OrganisationKind.METROPOLITAN_GOVERNMENT, region)
        joining = [(government, "government")]
        joining += [(make_organisation(OrganisationKind.COMPANY, region), "partner") for _ in range(partners)]
        for organisation, role in joining:
            _, actors[organisation.pk] = join(application, lead, organisation, role)
        applications.update_overview(
            actor=lead,
            application_id=application.pk,
            title=application.title,
            summary="시험을 위한 개요입니다.",
            fields=["solution"],
        )
        applications.set_cells(
            actor=lead, application_id=application.pk, cells=good_cells(lead.organisation, scale)
        )
        hand_in_documents(application, lead)
    application.refresh_from_db()
    return Filled(application, lead, actors)


@dataclass(frozen=True)
class Submitted(Filled):
    submission: Submission


def submitted_application(call: Call, region: str = "KR-48", partners: int = 1, scale: int = 1) -> Submitted:
    """A submitted application to the sample call."""
    filled = filled_application(call, region, partners, scale)
    with clock.at(AT_OPENING + timedelta(days=1)):
        submission = applications.submit(actor=filled.lead, application_id=filled.application.pk)
    filled.application.refresh_from_db()
    return Submitted(filled.application, filled.lead, filled.actors, submission)


def filled_regional(call: Call, region: str = "KR-48") -> Filled:
    """A company's application to the second-level sample call that lacks nothing."""
    with clock.at(AT_REGIONAL):
        lead = make_applicant(region, OrganisationKind.COMPANY)
        assert lead.organisation is not None
        application = applications.start(actor=lead, call_id=call.pk, title="가상 도입 사업")
        speak(call, Member.objects.get(application=application), lead)
        applications.set_cells(actor=lead, application_id=application.pk, cells=good_cells(lead.organisation))
        hand_in_documents(application, lead)
    application.refresh_from_db()
    return Filled(application, lead, {lead.organisation: lead})


def close_sample_call(call: Call, agency: Actor) -> Call:
    """Close the sample call after its deadline."""
    with clock.at(AFTER):
        return calls.close(actor=agency, call_id=call.pk)
