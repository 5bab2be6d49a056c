"""Whom this floor tells: leads of their own negotiation, parties of their agreement. Ranks, places and reserves are told to nobody."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.applications.notices import page, to_organisations
from gongmo.applications.policies import SIGNING
from gongmo.awards.commands.versions import definition_for
from gongmo.awards.content import read_content
from gongmo.awards.duties import duties_of
from gongmo.awards.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Negotiation,
    TerminationCase,
)
from gongmo.awards.states import AgreementState, CaseState, VersionState
from gongmo.calls.notices import to_operators
from gongmo.definition.base import Text
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day
from gongmo.ledger.queries import Record
from gongmo.notices.calendar import Appointment, appoints
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.notices.wording import quoted
from gongmo.parties.models import Membership, Person


def _to_lead(application: Application, title: Text, body: Text, url: str = "") -> Iterable[Telling]:
    yield from to_organisations(
        [application.lead_id], Category.AWARD, title, body, url or page(application.pk)
    )


@tells("awards.open_negotiations", "awards.promote_next_in_rank")
def negotiation_opened(entry: Record) -> Iterable[Telling]:
    """Those with whom it is negotiated now; not whether they were first or came after somebody."""
    wanted = entry.payload["preferred"] if "preferred" in entry.payload else [int(entry.subject_id)]
    for application in (
        Application.objects.filter(pk__in=wanted).select_related("call", "negotiation").order_by("pk")
    ):
        yield from _to_lead(
            application,
            Text(ko="협상을 시작합니다", en="Negotiation begins"),
            Text(
                ko=f"{quoted(application.title, '이', '가')} 협상 대상이 되었습니다. 협상 화면에서 제안을 주고받습니다.",
                en=f"“{application.title}” is to be negotiated. Offers are exchanged on the negotiation's page.",
            ),
            reverse("awards:table", args=[application.negotiation.pk]),
        )


@tells("awards.make_offer", "awards.accept_points")
def offered(entry: Record) -> Iterable[Telling]:
    """The other side: what was offered, or on which points it agrees."""
    negotiation = Negotiation.objects.select_related("application", "call").get(
        pk=entry.payload["negotiation"]
    )
    url = reverse("awards:table", args=[negotiation.pk])
    number = entry.payload["offer"]
    if entry.act == "awards.make_offer":
        title = Text(ko=f"협상 {number}차 제안이 왔습니다", en=f"Offer {number} has come")
        body = Text(
            ko=f"‘{negotiation.application.title}’의 제안을 읽고 답해 주세요.",
            en=f"Read the offer on “{negotiation.application.title}” and answer.",
        )
    else:
        title = Text(ko=f"{number}차 제안에 동의가 있었습니다", en=f"Points of offer {number} are agreed to")
        body = Text(
            ko=f"‘{negotiation.application.title}’의 협상에서 합의한 항목을 확인해 주세요.",
            en=f"See which points of “{negotiation.application.title}” are agreed.",
        )
    if entry.payload["side"] == "agency":
        yield from _to_lead(negotiation.application, title, body, url)
    else:
        yield from to_operators(negotiation.call, Category.AWARD, title, body, url)


@tells("awards.warn_negotiation")
def limit_near(entry: Record) -> Iterable[Telling]:
    """Both sides, before the limit and once it has passed."""
    negotiation = Negotiation.objects.select_related("application", "call").get(
        pk=entry.payload["negotiation"]
    )
    url = reverse("awards:table", args=[negotiation.pk])
    limit = day(date.fromisoformat(entry.payload["limit"]))
    passed = entry.payload["passed"]
    title = Text(
        ko="협상 기한이 지났습니다" if passed else f"협상 기한이 {limit}입니다",
        en="The negotiation's limit has passed"
        if passed
        else f"The negotiation ends on {entry.payload['limit']}",
    )
    body = Text(
        ko=f"‘{negotiation.application.title}’의 협상을 {limit}까지 마쳐 주세요."
        if not passed
        else f"‘{negotiation.application.title}’의 협상 기한은 {limit}까지였습니다. 담당자가 다음 순위와 협상할 수 있습니다.",
        en=f"Conclude the negotiation on “{negotiation.application.title}” by {entry.payload['limit']}."
        if not passed
        else f"The negotiation on “{negotiation.application.title}” was to end by {entry.payload['limit']}; the officer may go on to the next in rank.",
    )
    yield from _to_lead(negotiation.application, title, body, url)
    yield from to_operators(negotiation.call, Category.AWARD, title, body, url)


@tells("awards.warn_agreement")
def signing_limit_near(entry: Record) -> Iterable[Telling]:
    """The operators, and the signers of the parties that have not signed: an agreed negotiation binds nobody before the agreement."""
    negotiation = Negotiation.objects.select_related("application", "call").get(
        pk=entry.payload["negotiation"]
    )
    limit = day(date.fromisoformat(entry.payload["limit"]))
    passed, drawn, unsigned = entry.payload["passed"], entry.payload["agreement"], entry.payload["unsigned"]
    title = Text(
        ko=("협약 기한이 지났습니다: " if passed else f"협약 기한이 {limit}입니다: ")
        + negotiation.application.title,
        en=("The limit for the agreement has passed: " if passed else f"To be agreed by {limit}: ")
        + negotiation.application.title,
    )
    if drawn is None:
        body = Text(
            ko="협상은 마쳤지만 협약을 아직 만들지 않았습니다. 협약을 만들어 서명을 받아 주세요.",
            en="Negotiated, but no agreement is drawn up yet. Draw it up and have it signed.",
        )
        url = reverse("awards:negotiations", args=[negotiation.call.slug])
    else:
        body = Text(
            ko=f"협약에 서명하지 않은 기관이 {len(unsigned)}곳 있습니다. 모든 기관이 서명해야 효력이 생깁니다.",
            en=f"{len(unsigned)} parties have not signed. It is in force once every party has.",
        )
        url = reverse("awards:agreement", args=[drawn])
        own = [each for each in unsigned if each != negotiation.call.operator_id]
        yield from to_organisations(own, Category.AWARD, title, body, url, roles=SIGNING)
    yield from to_operators(negotiation.call, Category.AWARD, title, body, url)


@tells("awards.agree_negotiation")
def negotiation_agreed(entry: Record) -> Iterable[Telling]:
    application = Application.objects.get(pk=int(entry.subject_id))
    yield from _to_lead(
        application,
        Text(ko="협상을 마쳤습니다", en="Negotiation is concluded"),
        Text(
            ko=f"‘{application.title}’의 협약이 만들어지면 서명할 기관에 알려 드립니다.",
            en=f"When the agreement on “{application.title}” is drawn up, those who sign it will be told.",
        ),
    )


@tells("awards.fail_negotiation")
def negotiation_failed(entry: Record) -> Iterable[Telling]:
    application = Application.objects.get(pk=int(entry.subject_id))
    yield from _to_lead(
        application,
        Text(ko="협상이 이루어지지 않았습니다", en="Negotiation has ended without agreement"),
        Text(
            ko=f"‘{application.title}’의 협상이 끝났습니다. 자세한 내용은 담당자에게 물어봐 주세요.",
            en=f"Negotiation on “{application.title}” has ended. Ask the officer for details.",
        ),
    )


def _to_parties(agreement: Agreement, title: Text, body: Text, *, signing: bool = False) -> Iterable[Telling]:
    """The parties' people, and the operator's officers where it is one of them."""
    url = reverse("awards:agreement", args=[agreement.pk])
    parties = [party.organisation_id for party in agreement.parties.all()]
    own = [each for each in parties if each != agreement.call.operator_id]
    yield from to_organisations(own, Category.AWARD, title, body, url, roles=SIGNING if signing else None)
    if len(own) != len(parties):
        yield from to_operators(agreement.call, Category.AWARD, title, body, url)


def _agreement(entry: Record) -> Agreement:
    found = Agreement.objects.select_related("call", "application").prefetch_related("parties")
    return found.get(pk=entry.payload["agreement"])


@tells("awards.draw_up_agreement")
def to_sign(entry: Record) -> Iterable[Telling]:
    agreement = _agreement(entry)
    yield from _to_parties(
        agreement,
        Text(
            ko=f"협약에 서명해 주세요: {agreement.number}", en=f"Please sign the agreement {agreement.number}"
        ),
        Text(
            ko=f"‘{agreement.application.title}’의 협약이 만들어졌습니다. 모든 기관이 서명하면 효력이 생깁니다.",
            en=f"The agreement on “{agreement.application.title}” is drawn up. It is in force once every party has signed.",
        ),
        signing=True,
    )


@tells("awards.sign_agreement")
def signed(entry: Record) -> Iterable[Telling]:
    """Signatures one by one are on the page; that the last one came is told."""
    if "in_force" not in entry.payload:
        return
    agreement = _agreement(entry)
    yield from _to_parties(
        agreement,
        Text(ko=f"협약이 발효되었습니다: {agreement.number}", en=f"In force: agreement {agreement.number}"),
        Text(
            ko=f"모든 기관이 서명했습니다. 기간은 {day(agreement.period_starts)}부터 {day(agreement.period_ends)}까지입니다.",
            en=f"Every party has signed. It runs from {agreement.period_starts} to {agreement.period_ends}.",
        ),
    )


@tells("awards.finish_agreement")
def finished(entry: Record) -> Iterable[Telling]:
    agreement = _agreement(entry)
    yield from _to_parties(
        agreement,
        Text(ko=f"협약이 종료되었습니다: {agreement.number}", en=f"Finished: agreement {agreement.number}"),
        Text(
            ko="협약 기간이 끝나 담당자가 협약을 종료했습니다. 끝난 뒤의 보고와 정산 의무는 협약서대로 남아 있습니다.",
            en="Its period is over and the officer has finished it. Duties that follow the end stay as the agreement says.",
        ),
    )


@tells("awards.terminate_agreement")
def terminated(entry: Record) -> Iterable[Telling]:
    agreement = _agreement(entry)
    yield from _to_parties(
        agreement,
        Text(ko=f"협약이 해약되었습니다: {agreement.number}", en=f"Terminated: agreement {agreement.number}"),
        Text(
            ko=f"근거: {entry.payload['clause']}\n까닭: {entry.payload['reason']}",
            en=f"Ground: {entry.payload['clause']}\nReason: {entry.payload['reason']}",
        ),
    )


@appoints
def unsigned(person: Person) -> Iterable[Appointment]:
    """Agreements that wait for the person's signature, at the day on which they were drawn up."""
    own = Membership.objects.filter(person=person, until__isnull=True, role__in=SIGNING).values(
        "organisation"
    )
    waiting = AgreementParty.objects.filter(
        organisation__in=own, signed_at=None, agreement__state=AgreementState.DRAFT
    )
    for party in waiting.select_related("agreement").order_by("pk"):
        agreement = party.agreement
        yield Appointment(
            uid=f"agreement-{agreement.pk}-{party.organisation_id}",
            at=agreement.drawn_up_at,
            title=Text(ko=f"서명할 협약: {agreement.number}", en=f"To sign: {agreement.number}"),
            url=reverse("awards:agreement", args=[agreement.pk]),
            all_day=True,
        )


def _case_told(entry: Record, title: Text, body: Text) -> Iterable[Telling]:
    agreement = _agreement(entry)
    url = reverse("awards:case", args=[agreement.pk])
    own = [each.organisation_id for each in agreement.parties.all()]
    yield from to_organisations(
        [each for each in own if each != agreement.call.operator_id], Category.AWARD, title, body, url
    )


@tells("awards.open_termination")
def case_opened(entry: Record) -> Iterable[Telling]:
    """The parties, with the ground and the last day for their statements."""
    due = day(date.fromisoformat(entry.payload["due_on"]))
    yield from _case_told(
        entry,
        Text(ko="협약 해약 사유에 대한 의견을 내 주세요", en="State your case on ending the agreement"),
        Text(
            ko=f"근거: {entry.payload['clause']}\n드러난 사실: {entry.payload['reason']}\n{due}까지 의견을 낼 수 있습니다.",
            en=f"Ground: {entry.payload['clause']}\nFound: {entry.payload['reason']}\nStatements are taken until {entry.payload['due_on']}.",
        ),
    )


@tells("awards.ask_consent")
def consent_asked(entry: Record) -> Iterable[Telling]:
    """Every party but the one that asked; the operator's officers, too."""
    agreement = _agreement(entry)
    url = reverse("awards:case", args=[agreement.pk])
    title = Text(ko="합의 해약에 답해 주세요", en="Please answer: the agreement is to end by consent")
    body = Text(
        ko=f"협약 {agreement.number}을 합의로 끝내자는 요청입니다.\n까닭: {entry.payload['reason']}",
        en=f"Agreement {agreement.number} is asked to end by consent.\nReason: {entry.payload['reason']}",
    )
    asker = entry.payload["organisation"]
    own = [each.organisation_id for each in agreement.parties.all()]
    wanted = [each for each in own if each not in (asker, agreement.call.operator_id)]
    yield from to_organisations(wanted, Category.AWARD, title, body, url, roles=SIGNING)
    if asker != agreement.call.operator_id:
        yield from to_operators(agreement.call, Category.AWARD, title, body, url)


@tells("awards.state_in_termination", "awards.answer_consent")
def case_answered(entry: Record) -> Iterable[Telling]:
    """The operator's officers."""
    agreement = _agreement(entry)
    yield from to_operators(
        agreement.call,
        Category.AWARD,
        Text(
            ko=f"해약 건에 의견이 왔습니다: {agreement.number}",
            en=f"A statement has come: {agreement.number}",
        ),
        Text(ko="당사자의 의견을 읽고 판단해 주세요.", en="Read what the party states."),
        reverse("awards:case", args=[agreement.pk]),
    )


@tells("awards.propose_termination")
def decision_proposed(entry: Record) -> Iterable[Telling]:
    """The operator's other officers, one of whom confirms."""
    agreement = _agreement(entry)
    yield from to_operators(
        agreement.call,
        Category.AWARD,
        Text(ko=f"확인할 제안: {agreement.number}", en=f"To confirm: {agreement.number}"),
        Text(
            ko="동료가 해약 건의 결정을 제안했습니다. 내용을 보고 확인하거나 되돌려 주세요.",
            en="A colleague proposes a decision. Confirm it or send it back.",
        ),
        reverse("awards:case", args=[agreement.pk]),
    )


@tells("awards.keep_agreement")
def kept(entry: Record) -> Iterable[Telling]:
    agreement = _agreement(entry)
    yield from _case_told(
        entry,
        Text(ko=f"협약을 유지합니다: {agreement.number}", en=f"The agreement stays: {agreement.number}"),
        Text(ko=f"까닭: {entry.payload['reasons']}", en=f"Reasons: {entry.payload['reasons']}"),
    )


@tells("awards.ask_amendment", "awards.tell_amendment")
def amendment_asked(entry: Record) -> Iterable[Telling]:
    """The operator's officers."""
    agreement = _agreement(entry)
    told = entry.act == "awards.tell_amendment"
    yield from to_operators(
        agreement.call,
        Category.AWARD,
        Text(
            ko=f"협약 변경 {'알림' if told else '승인 요청'}: {agreement.number}",
            en=f"{'Told' if told else 'To approve'}: a change of {agreement.number}",
        ),
        Text(ko=f"까닭: {entry.payload['reason']}", en=f"Reason: {entry.payload['reason']}"),
        reverse("awards:changes", args=[agreement.pk]),
    )


@tells("awards.approve_amendment", "awards.refuse_amendment")
def amendment_answered(entry: Record) -> Iterable[Telling]:
    """The lead, with the reasons; every party where it has to sign."""
    agreement = _agreement(entry)
    approved = entry.act == "awards.approve_amendment"
    yield from to_organisations(
        [agreement.application.lead_id],
        Category.AWARD,
        Text(
            ko=f"협약 변경을 {'승인했습니다' if approved else '승인하지 않았습니다'}: {agreement.number}",
            en=f"The change of {agreement.number} is {'approved' if approved else 'not approved'}",
        ),
        Text(ko=f"까닭: {entry.payload['answer']}", en=f"Reasons: {entry.payload['answer']}"),
        reverse("awards:changes", args=[agreement.pk]),
    )
    if approved and "in_force" not in entry.payload:
        yield from _new_version(agreement)


@tells("awards.re_agree", "awards.revise_agreement")
def version_made(entry: Record) -> Iterable[Telling]:
    """Every party: a new version waits for its signature."""
    yield from _new_version(_agreement(entry))


def _new_version(agreement: Agreement) -> Iterable[Telling]:
    title = Text(
        ko=f"바뀐 협약에 서명해 주세요: {agreement.number}",
        en=f"Please sign the changed agreement {agreement.number}",
    )
    body = Text(
        ko="바뀐 곳을 앞선 판과 견주어 볼 수 있습니다.", en="The differences to the version before are shown."
    )
    url = reverse("awards:text", args=[agreement.pk])
    parties = [party.organisation_id for party in agreement.parties.all()]
    own = [each for each in parties if each != agreement.call.operator_id]
    yield from to_organisations(own, Category.AWARD, title, body, url, roles=SIGNING)
    if len(own) != len(parties):
        yield from to_operators(agreement.call, Category.AWARD, title, body, url)


@appoints
def duties(person: Person) -> Iterable[Appointment]:
    """What the person's organisations owe under agreements in force, each on its day."""
    own: dict[int, set[str]] = {}
    places = AgreementParty.objects.filter(
        organisation__memberships__person=person,
        organisation__memberships__until__isnull=True,
        agreement__state=AgreementState.IN_FORCE,
        pending=False,
    )
    for agreement, role in places.values_list("agreement", "role"):
        own.setdefault(agreement, set()).add(role)
    versions = AgreementVersion.objects.filter(agreement__in=own, state=VersionState.IN_FORCE)
    for version in versions.select_related("agreement").order_by("agreement"):
        content = read_content(version.content)
        for each in duties_of(definition_for(content), content.period_starts, content.period_ends):
            if own[version.agreement_id].intersection(each.duty.roles):
                yield Appointment(
                    uid=f"duty-{version.agreement_id}-{each.duty.id}-{each.of_year or 0}",
                    at=datetime.combine(each.day, time(), SEOUL),
                    title=Text(
                        ko=f"{each.duty.name.ko}: {content.number}",
                        en=f"{each.duty.name.en}: {content.number}",
                    ),
                    url=reverse("awards:agreement", args=[version.agreement_id]),
                    all_day=True,
                )


@appoints
def hearings(person: Person) -> Iterable[Appointment]:
    """The last days for statements in cases on ending an agreement of the person's organisations."""
    waiting = TerminationCase.objects.filter(
        state=CaseState.OPENED,
        due_on__isnull=False,
        agreement__parties__organisation__memberships__person=person,
        agreement__parties__organisation__memberships__until__isnull=True,
        agreement__parties__left_at=None,
    )
    for case in waiting.select_related("agreement").distinct().order_by("pk"):
        if case.due_on is not None:
            yield Appointment(
                uid=f"hearing-{case.pk}",
                at=datetime.combine(case.due_on, time(), SEOUL),
                title=Text(
                    ko=f"의견 제출 기한: {case.agreement.number}",
                    en=f"Statements due: {case.agreement.number}",
                ),
                url=reverse("awards:case", args=[case.agreement_id]),
                all_day=True,
            )
