"""Who is who, and who may change organisations, people and roles."""

from gongmo.definition.base import OrganisationKind
from gongmo.kernel.actor import Actor, OrganisationRole, Role
from gongmo.kernel.policy import policy

BY_OPERATOR_ONLY = frozenset(
    {
        OrganisationKind.METROPOLITAN_GOVERNMENT,
        OrganisationKind.BASIC_GOVERNMENT,
        OrganisationKind.PUBLIC_INSTITUTION,
    }
)
"""Kinds that nobody registers for themselves: a stranger must not appear as a government."""


def is_system(actor: Actor) -> bool:
    """The software itself."""
    return actor.role is Role.SYSTEM


def is_operator(actor: Actor) -> bool:
    """Who keeps the installation: registers organisations and people and grants roles."""
    return actor.role in (Role.OPERATOR, Role.SYSTEM)


def is_agency(actor: Actor) -> bool:
    """An officer of an operating agency."""
    return actor.role is Role.AGENCY


def is_ministry(actor: Actor) -> bool:
    """An officer of the supervising ministry."""
    return actor.role is Role.MINISTRY


def is_task_force(actor: Actor) -> bool:
    """An officer of a region's task force."""
    return actor.role is Role.TASK_FORCE


def is_evaluator(actor: Actor) -> bool:
    return actor.role is Role.EVALUATOR


def is_applicant(actor: Actor) -> bool:
    """A person acting for an organisation that may apply."""
    return actor.role is Role.APPLICANT and actor.organisation is not None


def is_signed_in(actor: Actor) -> bool:
    return actor.person is not None


def belongs_to(actor: Actor, organisation_id: int) -> bool:
    """Acts for this organisation, in whatever role."""
    return actor.organisation == organisation_id


@policy(
    "parties.operate",
    ko="운영자만 사람과 역할을 등록하고 거둘 수 있습니다.",
    en="Only operators register people and grant or end roles.",
)
def may_operate(actor: Actor) -> bool:
    return is_operator(actor)


@policy(
    "parties.register_organisation",
    ko="운영자는 모든 기관을, 로그인한 사람은 자기 기관을 등록합니다. 지방자치단체와 공공기관은 운영자만 등록합니다.",
    en="Operators register any organisation, signed-in people their own; governments and public institutions only operators.",
)
def may_register_organisation(actor: Actor, kind: OrganisationKind) -> bool:
    return is_operator(actor) or (
        actor.role is Role.APPLICANT and is_signed_in(actor) and kind not in BY_OPERATOR_ONLY
    )


@policy(
    "parties.manage_organisation",
    ko="기관의 대표 담당자와 운영자가 구성원을 초대하고 역할을 바꾸고 뺍니다.",
    en="An organisation's owners and operators invite members, change their roles and end them.",
)
def may_manage(actor: Actor, organisation_id: int) -> bool:
    return is_operator(actor) or (
        belongs_to(actor, organisation_id) and actor.organisation_role is OrganisationRole.OWNER
    )


@policy(
    "parties.edit_profile",
    ko="기관의 대표 담당자와 작성자, 운영자가 기관 정보와 증명서를 고칩니다.",
    en="An organisation's owners and writers and operators change its profile and certificates.",
)
def may_edit_profile(actor: Actor, organisation_id: int) -> bool:
    return is_operator(actor) or (
        belongs_to(actor, organisation_id)
        and actor.organisation_role in (OrganisationRole.OWNER, OrganisationRole.WRITER)
    )


@policy(
    "parties.hand_over",
    ko="담당자 본인, 기관의 대표 담당자, 운영자가 업무를 다른 사람에게 인수인계합니다.",
    en="The officer, an owner of the organisation and operators hand an officer's work over.",
)
def may_hand_over(actor: Actor, organisation_id: int, from_person_id: int) -> bool:
    own = actor.person == from_person_id and belongs_to(actor, organisation_id)
    return own or may_manage(actor, organisation_id)


@policy(
    "parties.invite_organisations",
    ko="신청기관, 운영기관, 지역 사업단의 구성원과 운영자가 등록되지 않은 기관을 초대합니다.",
    en="Members of applying organisations, officers of agencies and task forces and operators invite organisations.",
)
def may_invite_organisations(actor: Actor) -> bool:
    return is_operator(actor) or (
        actor.organisation is not None
        and (
            actor.role in (Role.AGENCY, Role.TASK_FORCE)
            or actor.organisation_role in (OrganisationRole.OWNER, OrganisationRole.WRITER)
        )
    )


@policy(
    "parties.see_organisation",
    ko="기관에 속한 사람, 운영기관·소관부처·지역 사업단의 담당자와 운영자가 기관의 정보를 봅니다.",
    en="People of an organisation, officers of agencies, ministries and task forces, and operators see its profile.",
)
def may_see_organisation(actor: Actor, organisation_id: int) -> bool:
    offices = (Role.AGENCY, Role.MINISTRY, Role.TASK_FORCE)
    return is_operator(actor) or actor.role in offices or belongs_to(actor, organisation_id)


@policy(
    "parties.see_members",
    ko="기관에 속한 사람과 운영자가 그 기관의 구성원을 봅니다.",
    en="People of an organisation and operators see its members.",
)
def may_see_members(actor: Actor, organisation_id: int) -> bool:
    return is_operator(actor) or belongs_to(actor, organisation_id)
