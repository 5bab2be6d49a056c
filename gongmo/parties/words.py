"""Words for kinds of organisations, regions and roles, as pages show them."""

from gongmo.definition.base import OrganisationKind, Text
from gongmo.kernel.actor import OrganisationRole, Role
from gongmo.kernel.states import Family, Shown
from gongmo.parties.models import CertificateKind, InvitationPurpose

KINDS = {
    OrganisationKind.METROPOLITAN_GOVERNMENT: Text(ko="광역지방자치단체", en="Upper-level local government"),
    OrganisationKind.BASIC_GOVERNMENT: Text(ko="기초지방자치단체", en="Basic local government"),
    OrganisationKind.REGIONAL_INNOVATION_AGENCY: Text(ko="지역혁신기관", en="Regional innovation agency"),
    OrganisationKind.UNIVERSITY: Text(ko="대학", en="University"),
    OrganisationKind.RESEARCH_INSTITUTE: Text(ko="연구기관", en="Research institute"),
    OrganisationKind.COMPANY: Text(ko="기업", en="Company"),
    OrganisationKind.PUBLIC_INSTITUTION: Text(ko="공공기관", en="Public institution"),
    OrganisationKind.ASSOCIATION: Text(ko="협회·단체", en="Association"),
    OrganisationKind.OTHER: Text(ko="그 밖의 기관", en="Other"),
}
ROLES = {
    Role.MINISTRY: Text(ko="소관부처 담당자", en="Officer of the ministry"),
    Role.AGENCY: Text(ko="전담기관 담당자", en="Officer of the operating agency"),
    Role.TASK_FORCE: Text(ko="지역 사업단 담당자", en="Officer of a regional task force"),
    Role.APPLICANT: Text(ko="신청기관 구성원", en="Member of an applying organisation"),
    Role.EVALUATOR: Text(ko="평가위원", en="Evaluator"),
    Role.OPERATOR: Text(ko="운영자", en="Operator"),
    Role.SYSTEM: Text(ko="시스템", en="The system"),
    Role.PUBLIC: Text(ko="누구나", en="Everyone"),
}
PLACES = {
    OrganisationRole.OWNER: Text(ko="대표 담당자", en="Owner"),
    OrganisationRole.WRITER: Text(ko="작성자", en="Writer"),
    OrganisationRole.SIGNER: Text(ko="서명자", en="Signer"),
    OrganisationRole.VIEWER: Text(ko="열람자", en="Viewer"),
}
PLACE_MEANINGS = {
    OrganisationRole.OWNER: Text(
        ko="모든 일을 하고 구성원을 관리합니다", en="Does everything and manages members"
    ),
    OrganisationRole.WRITER: Text(ko="신청서를 작성하고 고칩니다", en="Writes and changes applications"),
    OrganisationRole.SIGNER: Text(
        ko="기관을 대신해 확인하고 서명합니다", en="Confirms and signs for the organisation"
    ),
    OrganisationRole.VIEWER: Text(ko="보기만 합니다", en="Only looks"),
}
CERTIFICATES = {
    CertificateKind.BUSINESS_REGISTRATION: Text(ko="사업자등록증", en="Business registration"),
    CertificateKind.NATIONAL_TAX: Text(ko="국세 납세증명", en="National tax clearance"),
    CertificateKind.LOCAL_TAX: Text(ko="지방세 납세증명", en="Local tax clearance"),
    CertificateKind.ACCOUNTS: Text(ko="재무제표", en="Accounts"),
    CertificateKind.SME: Text(ko="중소기업확인서", en="SME certificate"),
    CertificateKind.OTHER: Text(ko="기타", en="Other"),
}
VALIDITY = {
    "valid": Shown("유효", "Valid", Family.DONE),
    "soon": Shown("곧 만료", "Expires soon", Family.ATTENTION),
    "expired": Shown("만료", "Expired", Family.STOPPED),
    "ended": Shown("사용 끝", "Replaced or ended", Family.PREPARING),
}
PURPOSES = {
    InvitationPurpose.MEMBER: Text(ko="구성원 초대", en="A place"),
    InvitationPurpose.HAND_OVER: Text(ko="인수인계", en="Hand-over"),
    InvitationPurpose.ORGANISATION: Text(ko="기관 초대", en="An organisation"),
}
FIELDS = {
    "name": Text(ko="기관 이름", en="Name"),
    "kind": Text(ko="기관 종류", en="Kind"),
    "region": Text(ko="지역", en="Region"),
    "business_number": Text(ko="사업자등록번호", en="Business number"),
    "corporate_number": Text(ko="법인등록번호", en="Corporate number"),
    "founded_on": Text(ko="설립일", en="Founded on"),
    "address": Text(ko="주소", en="Address"),
    "representative_title": Text(ko="대표자 직함", en="Title of the head"),
    "representative_name": Text(ko="대표자 이름", en="Name of the head"),
    "phone": Text(ko="대표 전화", en="Phone"),
    "website": Text(ko="누리집", en="Website"),
}
# The apps in the order in which a call lives through them.
AREAS = {
    "parties": Text(ko="기관과 사람", en="Organisations and people"),
    "calls": Text(ko="공고", en="Calls"),
    "applications": Text(ko="신청", en="Applications"),
    "screening": Text(ko="적격성 검토", en="Eligibility"),
    "evaluation": Text(ko="평가", en="Evaluation"),
    "awards": Text(ko="선정과 협약", en="Selection and agreement"),
    "ledger": Text(ko="기록", en="The record"),
    "files": Text(ko="파일", en="Files"),
    "notices": Text(ko="알림", en="Notices"),
    "registers": Text(ko="외부 등록부 조회", en="Outside registers"),
    "similarity": Text(ko="유사 과제", en="Similar projects"),
    "privacy": Text(ko="개인정보", en="Personal data"),
    "custody": Text(ko="열람 기록과 보관", en="Records of access and keeping"),
    "tasks": Text(ko="예약된 작업", en="Tasks"),
    "operation": Text(ko="시스템 운영", en="Operation"),
}
