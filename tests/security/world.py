"""One small world for attacks: two calls, a draft, and somebody in every role, own and foreign."""

import io
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.test import Client

from gongmo.applications import commands as applications
from gongmo.applications.models import ApplicationDocument, Member
from gongmo.calls import commands as calls
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.base import OrganisationKind
from gongmo.evaluation.models import (
    Committee,
    PresentationDay,
    PresentationSlot,
    ScoreSheet,
    Seat,
    SiteVisit,
    StageRun,
    VisitPhoto,
)
from gongmo.evaluation.states import DayState, VisitState
from gongmo.files.commands import store
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.ledger.models import Entry
from gongmo.parties import commands as parties
from gongmo.parties.models import Membership, Organisation, Person
from gongmo.screening import commands as screening
from tests.applications.signing import sign, signed_definition
from tests.awards.builders import LATER, agreed_call, agreement_in_force, make_evaluators, negotiation_of
from tests.builders import (
    AT_OPENING,
    SYSTEM,
    filled_application,
    make_agency_officer,
    make_applicant,
    make_ministry_officer,
    make_organisation,
    make_person,
    make_task_force_officer,
    member_actor,
    officer,
    pdf,
    publish_sample_call,
)
from tests.notices import builders as notices
from tests.screening.builders import AT_REVIEW, in_review

NOW = LATER + timedelta(days=2)
BACKEND = "gongmo.notices.people.SignedIn"


@dataclass
class World:
    """People by the name of their role, and ids by the name of a thing."""

    people: dict[str, int | None]
    ids: dict[str, str]

    def client(self, role: str, *, enforce_csrf_checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        person = self.people[role]
        if person is not None:
            client.force_login(Person.objects.get(pk=person), backend=BACKEND)
        return client


def _organisation(actor: Actor) -> Organisation:
    assert actor.organisation is not None
    return Organisation.objects.get(pk=actor.organisation)


def _named(name: str = "proof.pdf") -> tuple[str, io.BytesIO]:
    return name, pdf(name.split(".")[0])


def build() -> World:
    """A finished call (`call`), one under review (`reviewed`), an application in writing with an open invitation (`draft`)."""
    cache.clear()
    done = agreed_call(2, slug="done")
    agreement = agreement_in_force(done)
    own, other = done.order
    reviewing = in_review(1)
    item = reviewing.items[0]
    with clock.at(AT_REVIEW):
        fact = screening.record_fact(
            actor=reviewing.agency,
            application_id=item.application.pk,
            organisation_id=reviewing.partner().pk,
            fact="arrears",
            value=Truth.UNKNOWN,
            source=FactSource.CERTIFICATE,
            as_of=date(2030, 3, 14),
            evidence=_named("evidence.pdf"),
        )
        demand = screening.demand_proof(
            actor=reviewing.agency,
            application_id=item.application.pk,
            organisation_id=reviewing.partner().pk,
            fact="arrears",
            due_at=NOW + timedelta(days=30),
        )
        partner = item.actors[reviewing.partner().pk]
        name, stream = _named()
        screening.hand_in_proof(actor=partner, demand_id=demand.pk, name=name, stream=stream)
        supplement = screening.request_supplement(
            actor=reviewing.agency,
            application_id=item.application.pk,
            what="계획을 보완해 주세요.",
            due_at=NOW + timedelta(days=30),
            opened=["document:plan:"],
        )
        name, stream = _named("answer.pdf")
        opened = supplement.items.get()
        screening.attach_to_supplement(
            actor=item.lead, item_id=opened.pk, name="plan.pdf", stream=pdf("mended")
        )
        screening.answer_supplement(
            actor=item.lead, supplement_id=supplement.pk, answer="보완했습니다.", name=name, stream=stream
        )

    open_call = publish_sample_call(reviewing.agency, signed_definition(), slug="open")
    draft = filled_application(open_call)
    with clock.at(AT_OPENING):
        drafter = Member.objects.get(application=draft.application, organisation=draft.lead.organisation)
        signature = sign(draft.lead, draft.application, ("intent", drafter.pk)).signatures[0]
        guest = make_organisation(OrganisationKind.COMPANY, "KR-48")
        invited = applications.invite(
            actor=draft.lead, application_id=draft.application.pk, organisation_id=guest.pk, role="partner"
        )
        guest_actor = member_actor(guest)
        question = calls.ask(
            actor=draft.lead, call_id=open_call.pk, title="문의", body="비공개로 답해 주세요."
        )
    with clock.at(NOW - timedelta(days=1)):
        viewer = member_actor(_organisation(own.lead), OrganisationRole.VIEWER)
        gone = make_person()
        place = parties.add_member(
            actor=SYSTEM,
            person_id=gone.pk,
            organisation_id=_organisation(own.lead).pk,
            role=OrganisationRole.OWNER,
        )
        parties.end_membership(actor=SYSTEM, membership_id=place.pk)
        idle = make_evaluators(1)[0][1]
        committee = Committee.objects.get(call=done.call)
        seats = list(Seat.objects.filter(committee=committee).order_by("pk"))
        # A row, not a command: the ranking is fixed already.
        name, stream = _named("visit.pdf")
        visit = SiteVisit.objects.create(
            committee=committee,
            application=own.application,
            reason="확인",
            wanted_at=clock.now(),
            state=VisitState.DONE,
            visited_on=date(2030, 4, 1),
            file=store(stream=stream, name=name),
            file_name=name,
        )
        photo = VisitPhoto.objects.create(
            visit=visit, file=visit.file, file_name="현장.pdf", added_at=clock.now()
        )
        talks = StageRun.objects.filter(call=done.call).order_by("pk")[1]
        day = PresentationDay.objects.create(
            run=talks,
            state=DayState.ANNOUNCED,
            starts_at=clock.now(),
            place="회의장",
            talk_minutes=20,
            question_minutes=20,
            change_minutes=5,
            planned_at=clock.now(),
        )
        turn = PresentationSlot.objects.create(
            day=day, application=own.application, place=1, starts_at=clock.now(), ends_at=clock.now()
        )
        token = parties.invitation(
            actor=own.lead, organisation_id=_organisation(own.lead).pk, role=OrganisationRole.WRITER
        )
    sheet = ScoreSheet.objects.filter(seat=seats[0], application=own.application).first()
    assert sheet is not None
    document = ApplicationDocument.objects.filter(application=own.application).first()
    draft_document = ApplicationDocument.objects.filter(application=draft.application).first()
    assert document is not None
    assert draft_document is not None
    government = next(
        actor
        for pk, actor in own.actors.items()
        if Organisation.objects.get(pk=pk).kind == OrganisationKind.METROPOLITAN_GOVERNMENT
    )
    partner_of_own = next(actor for pk, actor in own.actors.items() if actor not in (own.lead, government))
    people = {
        "visitor": None,
        "newcomer": make_person().pk,
        "lead": own.lead.person,
        "viewer": viewer.person,
        "partner": partner_of_own.person,
        "former": gone.pk,
        "rival": other.lead.person,
        "stranger": make_applicant("KR-11").person,
        "guest": guest_actor.person,
        "drafter": draft.lead.person,
        "reviewed": item.lead.person,
        "seated": seats[0].evaluator.person_id,
        "colleague": seats[1].evaluator.person_id,
        "idle": idle.person,
        "region": make_task_force_officer("KR-50").person,
        "ministry": make_ministry_officer().person,
        "agency": done.agency.person,
        "screener": reviewing.agency.person,
        "other_agency": make_agency_officer().person,
        "operator": officer(Role.OPERATOR, None).person,
    }
    ids = {
        "call": done.call.slug,
        "reviewed_call": reviewing.call.slug,
        "open_call": open_call.slug,
        "application": str(own.application.pk),
        "reviewed_application": str(item.application.pk),
        "reviewed_partner": str(reviewing.partner().pk),
        "draft": str(draft.application.pk),
        "document": str(document.pk),
        "draft_document": str(draft_document.pk),
        "signature": str(signature.pk),
        "member": str(Member.objects.filter(application=own.application).order_by("pk")[0].pk),
        "invited": str(invited.pk),
        "negotiation": str(negotiation_of(own.application).pk),
        "agreement": str(agreement.pk),
        "question": str(question.pk),
        "seat": str(seats[0].pk),
        "run": str(StageRun.objects.filter(call=done.call).order_by("pk")[0].pk),
        "entry": str(Entry.objects.get(call=done.call.slug, act="evaluation.fix_ranking").sequence),
        "expert": str(seats[0].evaluator_id),
        "sheet": str(sheet.pk),
        "fact": str(fact.pk),
        "supplement": str(supplement.pk),
        "opened": str(opened.pk),
        "demand": str(demand.pk),
        "organisation": str(own.lead.organisation),
        "person": str(own.lead.person),
        "place": str(Membership.objects.get(person=own.lead.person).pk),
        "visit": str(visit.pk),
        "photo": str(photo.pk),
        "day": str(day.pk),
        "turn": str(turn.pk),
        "token": token,
        **notices.addresses(own.lead),
    }
    return World(people, ids)
