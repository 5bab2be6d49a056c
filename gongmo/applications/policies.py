"""Who may do what with an application."""

from django.db.models import Q, QuerySet

from gongmo.applications.models import Application, Member
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.policy import policy
from gongmo.ledger.prepared import prepared

PRESENT = (MemberState.INVITED, MemberState.ACCEPTED)
WRITING = frozenset({OrganisationRole.OWNER, OrganisationRole.WRITER})
SIGNING = frozenset({OrganisationRole.OWNER, OrganisationRole.SIGNER})


def _of(actor: Actor, organisation_id: int, roles: frozenset[OrganisationRole] | None = None) -> bool:
    return (
        actor.role is Role.APPLICANT
        and actor.organisation is not None
        and actor.organisation == organisation_id
        and (roles is None or actor.organisation_role in roles)
    )


def visible_to(actor: Actor) -> Q:
    """`may_see` as a filter on applications."""
    if actor.role in (Role.SYSTEM, Role.MINISTRY):
        return Q()
    if actor.organisation is None:
        return Q(pk__in=[])
    if actor.role in (Role.AGENCY, Role.TASK_FORCE):
        return Q(call__operator=actor.organisation)
    if actor.role is Role.APPLICANT:
        places = Member.objects.filter(organisation=actor.organisation, state__in=PRESENT)
        return Q(pk__in=places.values("application"))
    return Q(pk__in=[])


def readable_by(actor: Actor) -> Q:
    """`may_see_content` as a filter on applications."""
    if actor.role is Role.APPLICANT and actor.organisation is not None:
        places = Member.objects.filter(organisation=actor.organisation, state=MemberState.ACCEPTED)
        return Q(pk__in=places.values("application"))
    return visible_to(actor)


@policy(
    "applications.see",
    ko="신청서는 컨소시엄에 든 기관, 공고를 운영하는 기관, 소관부처가 봅니다.",
    en="An application is seen by the consortium's organisations, the call's operator and the ministry.",
)
def may_see(actor: Actor, application: Application) -> bool:
    """A member (invited or joined), the operator's officers, the ministry, the system. One query for applicants."""
    if actor.role in (Role.SYSTEM, Role.MINISTRY) or operates(actor, application.call):
        return True
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        return False
    if actor.organisation == application.lead_id:
        return True
    return any(
        state in PRESENT for state in _place(application=application.pk, organisation=actor.organisation)
    )


@policy(
    "applications.see_content",
    ko="신청서의 내용은 참여를 수락한 기관, 공고를 운영하는 기관, 소관부처가 봅니다. 초대받은 기관은 초대를 수락한 뒤에 봅니다.",
    en="An application's content is seen by organisations that joined, the call's operator and the ministry; an invited one after it accepts.",
)
def may_see_content(actor: Actor, application: Application) -> bool:
    """As `applications.see`, but an organisation that was only invited does not see what the others wrote. One query for applicants."""
    if actor.role in (Role.SYSTEM, Role.MINISTRY) or operates(actor, application.call):
        return True
    if actor.role is not Role.APPLICANT or actor.organisation is None:
        return False
    if actor.organisation == application.lead_id:
        return True
    return _place(application=application.pk, organisation=actor.organisation) == [MemberState.ACCEPTED]


@prepared
def _place(*, application: int, organisation: int) -> QuerySet[Member, str]:
    """In which state the organisation's place is: there is one at most."""
    found = Member.objects.filter(application=application, organisation=organisation)
    return found.values_list("state", flat=True)


@policy(
    "applications.start",
    ko="신청은 기관의 대표 담당자나 작성자가 그 기관 이름으로 시작합니다.",
    en="An organisation's owner or writer starts an application in its name.",
)
def may_start(actor: Actor, call: Call) -> bool:
    """An owner or writer of an organisation."""
    return (
        actor.role is Role.APPLICANT and actor.organisation is not None and actor.organisation_role in WRITING
    )


@policy(
    "applications.edit",
    ko="신청서는 주관기관의 대표 담당자나 작성자가 고칩니다.",
    en="The lead's owner or writer edits the application.",
)
def may_edit(actor: Actor, application: Application) -> bool:
    """The lead's owner or writer."""
    return _of(actor, application.lead_id, WRITING)


@policy(
    "applications.fill_part",
    ko="기관의 몫은 참여를 수락한 그 기관이나 주관기관의 대표 담당자·작성자가 고칩니다.",
    en="An organisation's part is edited by its own owner or writer once it has joined, or by the lead's.",
)
def may_fill(actor: Actor, member: Member) -> bool:
    """An owner or writer of the lead, or of the member itself once it has accepted its invitation."""
    own = member.state == MemberState.ACCEPTED and _of(actor, member.organisation_id, WRITING)
    return own or may_edit(actor, member.application)


@policy(
    "applications.speak_for",
    ko="자가점검과 동의는 그 기관 사람만 할 수 있습니다.",
    en="Only the organisation's own people answer its self-check and give its consents.",
)
def may_speak_for(actor: Actor, member: Member) -> bool:
    """Anyone of the member's organisation except viewers."""
    return _of(actor, member.organisation_id, WRITING | SIGNING)


@policy(
    "applications.sign",
    ko="문서에는 그 기관의 대표 담당자나 서명 담당자가 서명합니다.",
    en="A document is signed by the organisation's owner or signer.",
)
def may_sign(actor: Actor, member: Member) -> bool:
    """The member organisation's owner or signer."""
    return _of(actor, member.organisation_id, SIGNING)


@policy(
    "applications.answer_invitation",
    ko="초대에는 초대받은 기관의 대표 담당자나 서명 담당자가 답합니다.",
    en="The invited organisation's owner or signer answers the invitation.",
)
def may_answer(actor: Actor, member: Member) -> bool:
    """The invited organisation's owner or signer."""
    return _of(actor, member.organisation_id, SIGNING)


@policy(
    "applications.remove_member",
    ko="기관을 빼는 일은 주관기관의 작성자나 그 기관의 대표 담당자·서명 담당자가 합니다.",
    en="The lead's writers, or the organisation's own owner or signer, take an organisation out.",
)
def may_remove(actor: Actor, member: Member) -> bool:
    """The lead's owner or writer, or the member's own owner or signer."""
    return may_edit(actor, member.application) or _of(actor, member.organisation_id, SIGNING)


@policy(
    "applications.remind",
    ko="컨소시엄 기관에 할 일을 알리는 일은 주관기관의 대표 담당자, 작성자, 서명 담당자가 합니다.",
    en="The lead's owner, writer or signer reminds the consortium's organisations.",
)
def may_remind(actor: Actor, application: Application) -> bool:
    """Anyone of the lead except viewers."""
    return _of(actor, application.lead_id, WRITING | SIGNING)


@policy(
    "applications.submit",
    ko="제출과 철회는 주관기관의 대표 담당자나 서명 담당자가 합니다.",
    en="The lead's owner or signer submits and withdraws.",
)
def may_submit(actor: Actor, application: Application) -> bool:
    """The lead's owner or signer."""
    return _of(actor, application.lead_id, SIGNING)


@policy(
    "applications.register_arrival",
    ko="공문·우편의 도착은 공고를 운영하는 기관의 담당자가 등록합니다.",
    en="Officers of the call's operator register letters and post.",
)
def may_register_arrival(actor: Actor, application: Application) -> bool:
    """The operator's officers."""
    return operates(actor, application.call)
