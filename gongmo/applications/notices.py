"""Whom this floor tells: the organisations of a consortium, of their own acts and of what a call's changes mean for them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from gongmo.applications.models import Application, Member
from gongmo.applications.policies import SIGNING, WRITING
from gongmo.applications.queries.members import member_rows
from gongmo.applications.queries.standing import marked, standing_of
from gongmo.applications.reminders import remind_deadlines
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.kernel.actor import OrganisationRole, system
from gongmo.kernel.korean import day, particle, stamp
from gongmo.ledger.queries import Record
from gongmo.notices.calendar import Appointment, appoints
from gongmo.notices.categories import Category
from gongmo.notices.queries import people_of
from gongmo.notices.telling import Telling, tells
from gongmo.notices.wording import quoted
from gongmo.parties.models import Membership, Person
from gongmo.parties.pages import address

__all__ = ["remind_deadlines"]

NAMED = 5
"""Changes of a call that a notice names; the rest are on the page."""


def page(application_id: int) -> str:
    return reverse("applications:application", args=[application_id])


def application_of(entry: Record) -> Application:
    """The application that an act is about."""
    return Application.objects.select_related("call", "lead").get(pk=int(entry.subject_id))


def joined(application: Application) -> list[int]:
    """The organisations that see the application's content: the lead and those that joined."""
    members = Member.objects.filter(application=application, state=MemberState.ACCEPTED)
    return sorted({application.lead_id, *members.values_list("organisation_id", flat=True)})


def to_organisations(
    organisations: Iterable[int],
    category: Category,
    title: Text,
    body: Text,
    url: str,
    *,
    roles: Iterable[OrganisationRole] | None = None,
    to_actor: bool = False,
) -> Iterable[Telling]:
    """One telling for the people of each organisation, in that organisation's name."""
    for organisation, people in sorted(people_of(organisations, roles).items()):
        yield Telling(people, category, title, body, url, organisation=organisation, to_actor=to_actor)


OWED = 12
"""Things that a reminder names; the rest are on the page."""


# --- The consortium -------------------------------------------------------------------------------------------------
@tells("applications.invite", "applications.import_members")
def invited(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    call = application.call
    many = entry.payload.get("organisations")
    yield from to_organisations(
        [entry.payload["organisation"]] if many is None else many,
        Category.CONSORTIUM,
        Text(
            ko=f"{particle(application.lead.name, '이', '가')} 컨소시엄에 초대했습니다",
            en=f"{application.lead.name} invites you into a consortium",
        ),
        Text(
            ko=f"‘{call.title_ko}’ 신청 ‘{application.title}’에 함께할지 답해 주세요. 접수는 {stamp(call.closes_at)}에 끝납니다.",
            en=f"Say whether you join “{application.title}” for “{call.title_en}”. Applications close at {stamp(call.closes_at)} (Seoul).",
        ),
        page(application.pk),
        roles=SIGNING,
    )


@tells("applications.take_up_link")
def link_taken_up(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    name = entry.payload["name"]
    yield from to_organisations(
        [application.lead_id],
        Category.CONSORTIUM,
        Text(
            ko=f"{particle(name, '이', '가')} 초대 링크를 열었습니다",
            en=f"{name} has followed its invitation",
        ),
        Text(
            ko="기관이 등록되어 있고, 이제 참여할지 답하는 일만 남았습니다.",
            en="The organisation is registered; what is left is its answer.",
        ),
        page(application.pk),
        roles=WRITING,
    )


@tells("applications.set_role")
def role_changed(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    names = {role.id: role.name for role in definition_of(application.call).consortium.roles}
    role = names.get(entry.payload["role"])
    if role is None:
        return
    yield from to_organisations(
        [entry.payload["organisation"]],
        Category.CONSORTIUM,
        Text(
            ko=f"컨소시엄에서 맡은 역할이 {particle(f'‘{role.ko}’', '으로', '로')} 바뀌었습니다",
            en=f"Your role in the consortium is now “{role.en}”",
        ),
        Text(
            ko=f"‘{application.title}’ 신청에서 낼 서류가 달라질 수 있습니다. 확인해 주세요.",
            en=f"The documents that you owe for “{application.title}” may differ. Please look.",
        ),
        page(application.pk),
    )


@tells("applications.answer_invitation")
def invitation_answered(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    member = Member.objects.select_related("organisation").get(pk=entry.payload["member"])
    name, accepted = member.organisation.name, entry.payload["accepted"]
    # The word stands in the row: whoever answered again since has said the later one.
    word = f"\n“{member.answer_note}”" if member.answer_note else ""
    yield from to_organisations(
        [application.lead_id],
        Category.CONSORTIUM,
        Text(
            ko=f"{particle(name, '이', '가')} 참여를 {'수락' if accepted else '거절'}했습니다",
            en=f"{name} has {'joined' if accepted else 'declined'}",
        ),
        Text(
            ko=(
                "맡은 몫을 채우고 자가점검과 동의를 마치면 제출할 수 있습니다."
                if accepted
                else "이 기관 몫의 사업비와 문서를 신청서에서 뺐습니다. 필요하면 다른 기관을 초대해 주세요."
            )
            + word,
            en=(
                "Once its part, self-check and consents are there, you can submit."
                if accepted
                else "Its money and documents are taken out of the application. Invite another organisation if you need one."
            )
            + word,
        ),
        page(application.pk),
        roles=WRITING | SIGNING,
    )


@tells("applications.remove_member")
def removed(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    member = Member.objects.select_related("organisation").get(pk=entry.payload["member"])
    if entry.organisation == member.organisation_id:
        yield from to_organisations(
            [application.lead_id],
            Category.CONSORTIUM,
            Text(
                ko=f"{particle(member.organisation.name, '이', '가')} 컨소시엄에서 나갔습니다",
                en=f"{member.organisation.name} has left the consortium",
            ),
            Text(
                ko="이 기관 몫의 사업비와 문서를 신청서에서 뺐습니다.",
                en="Its money and documents are taken out of the application.",
            ),
            page(application.pk),
            roles=WRITING | SIGNING,
        )
        return
    yield from to_organisations(
        [member.organisation_id],
        Category.CONSORTIUM,
        Text(
            ko=f"‘{application.title}’ 컨소시엄에서 빠졌습니다",
            en=f"You are no longer in the consortium of “{application.title}”",
        ),
        Text(
            ko=f"{particle(application.lead.name, '이', '가')} 신청서에서 기관을 뺐습니다. 까닭은 그 기관에 물어봐 주세요.",
            en=f"{application.lead.name} has taken your organisation out. Ask it why.",
        ),
        reverse("applications:list"),
    )


@tells("applications.remind")
def reminded(entry: Record) -> Iterable[Telling]:
    """Payload: `members`, their ids; `text`, what the lead adds in its own words. Each organisation reads what itself owes."""
    application = marked(system(), int(entry.subject_id))
    call = application.call
    wanted = set(entry.payload.get("members", []))
    text = str(entry.payload.get("text", ""))
    for row in member_rows(application, standing_of(application)):
        if row.member.pk not in wanted or not row.left:
            continue
        things = row.things()
        left = len(things) - OWED
        ko = "\n".join(f"· {thing.ko}" for thing in things[:OWED]) + (
            f"\n그 밖에 {left}가지" if left > 0 else ""
        )
        en = "\n".join(f"· {thing.en}" for thing in things[:OWED]) + (
            f"\nand {left} more" if left > 0 else ""
        )
        said = f"\n{particle(application.lead.name, '이', '가')} 덧붙인 말: {text}" if text else ""
        said_en = f"\n{application.lead.name} adds: {text}" if text else ""
        yield from to_organisations(
            [row.member.organisation_id],
            Category.CONSORTIUM,
            Text(
                ko=f"‘{application.title}’ 신청에 할 일이 {len(things)}가지 남았습니다",
                en=f"{len(things)} things left for “{application.title}”",
            ),
            Text(
                ko=f"{particle(application.lead.name, '이', '가')} 다음을 마쳐 달라고 합니다. 접수는 {stamp(call.closes_at)}에 끝납니다.\n{ko}{said}",
                en=f"{application.lead.name} asks you to finish these. Applications close at {stamp(call.closes_at)} (Seoul).\n{en}{said_en}",
            ),
            page(application.pk),
        )


# --- Submission -----------------------------------------------------------------------------------------------------
@tells("applications.submit")
def submitted(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    number = entry.payload["receipt_number"]
    at = stamp(entry.at, seconds=True)
    yield from to_organisations(
        joined(application),
        Category.SUBMISSION,
        Text(ko=f"제출했습니다. 접수번호 {number}", en=f"Submitted. Receipt {number}"),
        Text(
            ko=f"{quoted(application.title, '을', '를')} {at}에 서버가 받았습니다. 접수증에서 낸 내용과 파일을 확인할 수 있습니다.",
            en=f"The server received “{application.title}” at {at} (Seoul). The receipt names everything that was handed in.",
        ),
        reverse("applications:receipt", args=[application.pk]),
        to_actor=True,
    )


@tells("applications.withdraw")
def withdrawn(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    yield from to_organisations(
        joined(application),
        Category.SUBMISSION,
        Text(
            ko=f"제출을 철회했습니다. 접수번호 {entry.payload['receipt_number']}",
            en=f"Withdrawn. Receipt {entry.payload['receipt_number']}",
        ),
        Text(
            ko=f"{quoted(application.title, '은', '는')} 지금 제출되지 않은 상태입니다. 접수가 끝나는 {stamp(application.call.closes_at)} 전에 다시 제출할 수 있습니다.",
            en=f"“{application.title}” is not submitted now. You can submit again before {stamp(application.call.closes_at)} (Seoul).",
        ),
        page(application.pk),
        to_actor=True,
    )


@tells("applications.register_arrival", "applications.undo_arrival")
def arrived(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    undone = entry.act == "applications.undo_arrival"
    on = day(date.fromisoformat(entry.payload["arrived_on"]))
    yield from to_organisations(
        [application.lead_id],
        Category.SUBMISSION,
        Text(ko="원본 도착 등록이 취소되었습니다", en="The arrival of your originals was taken back")
        if undone
        else Text(ko="원본이 도착했습니다", en="Your originals have arrived"),
        Text(
            ko=f"{on} 도착으로 잘못 등록한 것을 담당자가 취소했습니다. 보낸 원본이 도착했는지 확인해 주세요.",
            en=f"The officer took back an arrival on {on} that was registered by mistake. See that what you sent arrives.",
        )
        if undone
        else Text(
            ko=f"‘{application.title}’의 원본이 {on}에 도착한 것으로 담당자가 등록했습니다.",
            en=f"The officer registered the originals of “{application.title}” as arrived on {on}.",
        ),
        page(application.pk),
    )


# --- What a call's changes mean for those who write -----------------------------------------------------------------
def _everyone(call: Call, category: Category, title: Text, body: Text, url: str) -> Iterable[Telling]:
    """Everyone who writes for a call, or is invited to; once an organisation."""
    applications = Application.objects.filter(call=call)
    members = Member.objects.filter(
        application__call=call, state__in=(MemberState.INVITED, MemberState.ACCEPTED)
    )
    organisations = {
        *applications.values_list("lead_id", flat=True),
        *members.values_list("organisation_id", flat=True),
    }
    yield from to_organisations(organisations, category, title, body, url)


@tells("calls.correct")
def corrected(entry: Record) -> Iterable[Telling]:
    call = Call.objects.get(slug=entry.call)
    changes = entry.payload["changes"]
    rest = len(changes) - NAMED
    ko = "\n".join(f"· {change['ko']}" for change in changes[:NAMED]) + (
        f"\n그 밖에 {rest}곳" if rest > 0 else ""
    )
    en = "\n".join(f"· {change['en']}" for change in changes[:NAMED]) + (
        f"\nand {rest} more" if rest > 0 else ""
    )
    yield from _everyone(
        call,
        Category.CALL,
        Text(ko=f"정정공고: {call.title_ko}", en=f"Correction: {call.title_en}"),
        Text(
            ko=f"까닭: {entry.payload['reason']}\n{ko}\n쓰고 있는 신청서를 다시 점검해 주세요.",
            en=f"Reason: {entry.payload['reason']}\n{en}\nPlease check your application again.",
        ),
        address("calls:correction", call.slug, entry.payload["version"])
        or reverse("calls:call", args=[call.slug]),
    )


@tells("calls.extend")
def extended(entry: Record) -> Iterable[Telling]:
    call = Call.objects.get(slug=entry.call)
    closes = stamp(datetime.fromisoformat(entry.payload["closes_at"]))
    yield from _everyone(
        call,
        Category.DEADLINE,
        Text(ko=f"마감이 {closes}까지 연장되었습니다", en=f"The deadline moves to {closes}"),
        Text(
            ko=f"‘{call.title_ko}’의 접수 마감이 모두에게 연장되었습니다. 까닭: {entry.payload['reason']}",
            en=f"The deadline of “{call.title_en}” is extended for everyone. Reason: {entry.payload['reason']}",
        ),
        reverse("calls:call", args=[call.slug]),
    )


@tells("calls.cancel")
def cancelled(entry: Record) -> Iterable[Telling]:
    call = Call.objects.get(slug=entry.call)
    yield from _everyone(
        call,
        Category.CALL,
        Text(ko=f"공고가 취소되었습니다: {call.title_ko}", en=f"Cancelled: {call.title_en}"),
        Text(
            ko=f"까닭: {entry.payload['reason']}\n쓰던 신청서는 그대로 볼 수 있지만 제출할 수 없습니다.",
            en=f"Reason: {entry.payload['reason']}\nYou can still read your application, but not submit it.",
        ),
        reverse("calls:call", args=[call.slug]),
    )


# --- The own calendar -----------------------------------------------------------------------------------------------
@appoints
def deadlines(person: Person) -> Iterable[Appointment]:
    """The closing instants of calls for which the person's organisations write and have not submitted."""
    own = Membership.objects.filter(person=person, until__isnull=True).values("organisation")
    members = Member.objects.filter(
        organisation__in=own, state__in=(MemberState.INVITED, MemberState.ACCEPTED)
    )
    applications = Application.objects.filter(pk__in=members.values("application")).exclude(
        state=ApplicationState.SUBMITTED
    )
    for found in applications.select_related("call").defer("summary").order_by("pk"):
        yield Appointment(
            uid=f"application-{found.pk}",
            at=found.call.closes_at,
            title=Text(ko=f"접수 마감: {found.call.title_ko}", en=f"Closes: {found.call.title_en}"),
            url=page(found.pk),
            note=Text(ko=f"‘{found.title}’ 아직 제출하지 않음", en=f"“{found.title}” is not submitted yet"),
        )
