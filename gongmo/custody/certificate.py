"""The certificate of destruction (파기 확인서): what was destroyed when, why, how and by whom, without the data itself."""

from gongmo.applications.models import Application
from gongmo.custody.models import Destruction, PersonDestruction
from gongmo.definition.retention import Retention
from gongmo.kernel.korean import day, stamp
from gongmo.papers import (
    Column,
    Facts,
    Heading,
    Items,
    Language,
    Paper,
    Paragraph,
    SignatureLine,
    Signatures,
    Table,
)
from gongmo.parties.pages import said
from gongmo.rules.retention import Ground, PersonGround, years_of


def ground_words(ground: str) -> tuple[str, str]:
    """Why it is needed no more, in Korean and English."""
    if ground == Ground.DRAFT:
        return ("제출하지 않은 신청서", "A draft that nobody submitted")
    if ground == Ground.SELECTED:
        return ("선정되어 협약이 끝난 신청서", "Selected, and its agreement has ended")
    return ("선정되지 않았거나 철회한 신청서", "Not selected, or withdrawn")


def number_of(found: Destruction) -> str:
    """The certificate's number."""
    return f"파기-{found.destroyed_at:%Y}-{found.pk:04d}" if found.destroyed_at else f"파기-{found.pk:04d}"


def certificate(
    found: Destruction,
    application: Application,
    retention: Retention,
    sequence: int | None,
    language: Language,
) -> Paper:
    """The certificate of a destruction that was done. `sequence` is its entry in the record."""
    assert found.destroyed_at is not None  # noqa: S101 - asked for destroyed ones only
    done = found.outcome
    files, kept = done.get("files", []), done.get("kept_files", [])
    years = years_of(Ground(found.ground), retention)
    ground = said(*ground_words(found.ground))
    default = said("기본값", "default") if retention.is_default else str(retention.clause)
    return Paper(
        title=said("개인정보 파기 확인서", "Certificate of destruction of personal data"),
        subtitle=said(application.call.title_ko, application.call.title_en),
        number=number_of(found),
        at=found.destroyed_at,
        language=language,
        running=said(application.call.title_ko, application.call.title_en),
        blocks=(
            Paragraph(
                said(
                    "아래 개인정보를 보관 기간이 지나 복원할 수 없게 파기했음을 확인합니다.",
                    "This confirms that the personal data below was destroyed beyond recovery, as its time was over.",
                ),
                "lead",
            ),
            Facts(
                (
                    (
                        said("파기 대상", "Whose"),
                        said(f"신청 {application.pk}", f"Application {application.pk}"),
                    ),
                    (said("파기 사유", "Why"), ground),
                    (
                        said("보관 기간", "Kept for"),
                        said(f"{years}년 ({default})", f"{years} years ({default})"),
                    ),
                    (said("보관 만료일", "Time over on"), day(found.due_on)),
                    (said("파기 일시", "Destroyed at"), stamp(found.destroyed_at, seconds=True)),
                    (
                        said("근거", "Ground"),
                        said("개인정보 보호법 제21조", "Personal Information Protection Act, article 21"),
                    ),
                    (
                        said("방법", "How"),
                        said(
                            "데이터베이스의 값을 지우고 저장소의 파일을 지웠습니다. 값마다 함께 둔 난수도 지워 남은 해시로 값을 알아낼 수 없습니다.",
                            "Values were removed from the database and files from the storage; the random salt of each value went with it, so that no"
                            " remaining hash tells the value.",
                        ),
                    ),
                    (said("기록 번호", "Entry of the record"), f"{sequence:,}" if sequence else "–"),
                )
            ),
            Heading(said("파기한 것", "What was destroyed")),
            Table(
                (Column(said("종류", "Kind"), "head"), Column(said("수", "Number"), "number")),
                (
                    (said("신청서에 적은 값", "Values typed"), f"{done.get('values', 0):,}"),
                    (said("저장본", "Kept states"), f"{done.get('versions', 0):,}"),
                    (said("화면 서명", "Signatures on screen"), f"{done.get('signatures', 0):,}"),
                    (said("파일", "Files"), f"{len(files):,}"),
                ),
            ),
            *_files(said("파기한 파일의 SHA-256", "SHA-256 of the destroyed files"), files),
            *_files(
                said("다른 자료도 쓰는 파일이라 남긴 것", "Kept, as something else holds the same file"), kept
            ),
            Heading(said("남은 것", "What remains")),
            Items(
                (
                    said(
                        "접수번호, 기관 이름, 사업비, 판정과 점수, 파일과 내용의 해시: 결정을 다시 확인하는 데 필요합니다.",
                        "Receipt number, organisations' names, money, verdicts and points, hashes of files and content: to verify decisions again.",
                    ),
                    said(
                        "처리 기록의 담당자 이름: 업무로 한 일의 기록이라 함께 지우지 않습니다.",
                        "Names of those who acted, in the record of acts: it tells of official acts and is not erased with them.",
                    ),
                    said(
                        "백업: 백업의 보관 주기가 지나면 없어집니다.",
                        "Backups: they go when their own time is over.",
                    ),
                )
            ),
            Signatures(
                tuple(
                    SignatureLine(
                        application.call.operator.name, title, person.display_name if person else ""
                    )
                    for title, person in (
                        (said("동의한 담당자", "Agreed"), found.agreed_by),
                        (said("파기한 담당자", "Destroyed"), found.destroyed_by),
                    )
                ),
                said("(서명 또는 인)", "(signature or seal)"),
                said("20  년   월   일", "20__-__-__"),
            ),
        ),
    )


def person_ground_words(ground: str) -> tuple[str, str]:
    """Why a person's data is needed no more, in Korean and English."""
    if ground == PersonGround.EXPERT:
        return ("후보단을 떠난 평가위원", "An expert who left the pool")
    return ("오래 쓰지 않은 계정", "An account long not used")


def person_number(found: PersonDestruction) -> str:
    """The number of a person's certificate."""
    return f"파기-개인-{found.destroyed_at:%Y}-{found.pk:04d}" if found.destroyed_at else ""


def person_certificate(
    found: PersonDestruction, site: str, sequence: int | None, language: Language
) -> Paper:
    """The certificate of a person's destruction that was done. It names the number of the row, and nobody."""
    assert found.destroyed_at is not None  # noqa: S101 - asked for destroyed ones only
    done, expert = found.outcome, found.evaluator_id is not None
    whose = (
        said(f"평가위원 후보 {found.evaluator_id}", f"Expert {found.evaluator_id}")
        if expert
        else said(f"계정 {found.person_id}", f"Account {found.person_id}")
    )
    counted = (
        (
            (said("경력·관계·불참 기간", "Places of work, relations, days away"), done.get("career", 0)),
            (said("메모와 사유", "Notes and reasons"), done.get("notes", 0)),
        )
        if expert
        else ((said("끝낸 자리", "Places ended"), done.get("places", 0)),)
    )
    account = (
        said("파기함", "destroyed")
        if done.get("account")
        else said("다른 자리에서 계속 씀", "goes on elsewhere")
    )
    told = ((said("본인에게 알린 때", "Told by mail"), stamp(found.told_at)),) if found.told_at else ()
    signers = ((said("동의한 담당자", "Agreed"), found.agreed_by),) if expert else ()
    return Paper(
        title=said("개인정보 파기 확인서", "Certificate of destruction of personal data"),
        subtitle=said(*person_ground_words(found.ground)),
        number=person_number(found),
        at=found.destroyed_at,
        language=language,
        running=site,
        blocks=(
            Paragraph(
                said(
                    "아래 개인정보를 보관할 까닭이 없어져 복원할 수 없게 파기했음을 확인합니다.",
                    "This confirms that the personal data below was destroyed beyond recovery, as nothing asked for it any more.",
                ),
                "lead",
            ),
            Facts(
                (
                    (said("파기 대상", "Whose"), whose),
                    (said("파기 사유", "Why"), said(*person_ground_words(found.ground))),
                    (said("파기할 수 있게 된 날", "Due on"), day(found.due_on)),
                    *told,
                    (said("파기 일시", "Destroyed at"), stamp(found.destroyed_at, seconds=True)),
                    (
                        said("근거", "Ground"),
                        said("개인정보 보호법 제21조", "Personal Information Protection Act, article 21"),
                    ),
                    (
                        said("방법", "How"),
                        said("데이터베이스의 값을 지웠습니다.", "Values were removed from the database."),
                    ),
                    (said("기록 번호", "Entry of the record"), f"{sequence:,}" if sequence else "–"),
                )
            ),
            Heading(said("파기한 것", "What was destroyed")),
            Table(
                (Column(said("종류", "Kind"), "head"), Column(said("수", "Number"), "number")),
                (
                    *((name, f"{count:,}") for name, count in counted),
                    (said("계정의 이름·전자우편·비밀번호", "The account's name, e-mail, password"), account),
                ),
            ),
            Heading(said("남은 것", "What remains")),
            Items(
                (
                    said(
                        "위원 번호, 평가표와 점수, 위촉 기록: 다른 사람의 결정이 여기에 기대고 있습니다.",
                        "The expert's number, sheets, points and seats: others' results rest on them.",
                    )
                    if expert
                    else said(
                        "기관의 자료와 제출한 신청서: 따로 정한 기간 동안 보관합니다.",
                        "The organisation's data and its applications: they have times of their own.",
                    ),
                    said(
                        "처리 기록에 남은 표시 이름과 백업.",
                        "Display names in the record of acts, and backups until their own time is over.",
                    ),
                )
            ),
            Signatures(
                tuple(
                    SignatureLine(site, title, person.display_name if person else "")
                    for title, person in (*signers, (said("파기한 담당자", "Destroyed"), found.destroyed_by))
                ),
                said("(서명 또는 인)", "(signature or seal)"),
                said("20  년   월   일", "20__-__-__"),
            ),
        ),
    )


def _files(title: str, sha256s: list[str]) -> tuple[Heading | Items, ...]:
    return (Heading(title, 2), Items(tuple(sha256s))) if sha256s else ()
