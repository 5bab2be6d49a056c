"""What the access log's codes are called on pages."""

from gongmo.definition.base import Text
from gongmo.kernel.actor import Role
from gongmo.privacy.models import Kind
from gongmo.rules.access import DEFAULTS, Oddity

KINDS = {
    Kind.SHOW.value: Text(ko="열람", en="Shown"),
    Kind.LIST.value: Text(ko="목록·검색", en="Lists"),
    Kind.FILE.value: Text(ko="파일", en="Files"),
    Kind.EXPORT.value: Text(ko="일괄 내려받기", en="Bulk downloads"),
    Kind.CHANGE.value: Text(ko="처리", en="Acts"),
    Kind.SIGN_IN.value: Text(ko="로그인", en="Sign-in"),
    Kind.SIGN_OUT.value: Text(ko="로그아웃", en="Sign-out"),
}
ROLES = {
    Role.MINISTRY.value: Text(ko="소관부처", en="Ministry"),
    Role.AGENCY.value: Text(ko="운영기관", en="Agency"),
    Role.TASK_FORCE.value: Text(ko="지역 사업단", en="Task force"),
    Role.APPLICANT.value: Text(ko="신청기관", en="Applicant"),
    Role.EVALUATOR.value: Text(ko="평가위원", en="Expert"),
    Role.OPERATOR.value: Text(ko="운영자", en="Operator"),
}
ODDITIES = {
    Oddity.MANY: Text(
        ko=f"{DEFAULTS.minutes}분 안에 서로 다른 {DEFAULTS.many}건 이상을 봄",
        en=f"{DEFAULTS.many} different things or more within {DEFAULTS.minutes} minutes",
    ),
    Oddity.NIGHT: Text(
        ko=f"밤({DEFAULTS.night_from}시~{DEFAULTS.night_until}시)에 {DEFAULTS.night}번 이상",
        en=f"{DEFAULTS.night} times or more at night ({DEFAULTS.night_from}:00-{DEFAULTS.night_until}:00)",
    ),
    Oddity.REFUSED: Text(
        ko=f"하루에 {DEFAULTS.refused}번 이상 거절됨",
        en=f"{DEFAULTS.refused} refused attempts or more in a day",
    ),
    Oddity.EXPORTS: Text(
        ko=f"하루에 {DEFAULTS.exports}번 이상 일괄 내려받음",
        en=f"{DEFAULTS.exports} bulk downloads or more in a day",
    ),
    Oddity.ADDRESSES: Text(
        ko=f"하루에 서로 다른 접속 주소 {DEFAULTS.addresses}곳 이상",
        en=f"{DEFAULTS.addresses} network addresses or more in a day",
    ),
}
COMMAND_LINE = Text(ko="명령줄", en="Command line")
SUBJECTS = {
    "installation": Text(ko="전체 자료", en="All data"),
    "application": Text(ko="신청", en="Application"),
    "application_document": Text(ko="제출 서류", en="Document"),
    "member": Text(ko="참여 기관", en="Member"),
    "call": Text(ko="공고", en="Call"),
    "organisation": Text(ko="기관", en="Organisation"),
    "invitation": Text(ko="초대", en="Invitation"),
    "person": Text(ko="사람", en="Person"),
    "people": Text(ko="사람 목록", en="People"),
    "organisations": Text(ko="기관 목록", en="Organisations"),
    "evaluator": Text(ko="평가위원", en="Expert"),
    "pool": Text(ko="평가위원 후보단", en="Pool of experts"),
    "seat": Text(ko="위촉", en="Seat"),
    "sheet": Text(ko="평가표", en="Score sheet"),
    "presentation_day": Text(ko="발표일", en="Presentation day"),
    "presentation_turn": Text(ko="발표", en="Presentation"),
    "visit": Text(ko="현장평가", en="Site visit"),
    "negotiation": Text(ko="협상", en="Negotiation"),
    "agreement": Text(ko="협약", en="Agreement"),
    "amendment": Text(ko="협약 변경", en="Amendment"),
    "termination_case": Text(ko="해약 건", en="Termination"),
    "certificate": Text(ko="증명서", en="Certificate"),
    "question": Text(ko="질문", en="Question"),
    "mail": Text(ko="전자우편", en="Mail"),
    "mailbox": Text(ko="전자우편함", en="Mailbox"),
    "access_log": Text(ko="접속기록", en="Access log"),
    "screening_fact": Text(ko="적격성 근거", en="Evidence"),
    "screening_supplement": Text(ko="보완 자료", en="Supplement"),
    "screening_proof": Text(ko="증빙", en="Proof"),
    "screening_item": Text(ko="보완 서류", en="Supplement item"),
    "screening_objection": Text(ko="검토 이의신청", en="Objection"),
    "similarity_judgement": Text(ko="유사과제 판단", en="Similarity judgement"),
    "evaluation_objection": Text(ko="평가 이의신청", en="Objection"),
    "evaluation_bonus": Text(ko="가점 증빙", en="Bonus proof"),
}
