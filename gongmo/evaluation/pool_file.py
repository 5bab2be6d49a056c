"""The pool as a spreadsheet file: out, a template to fill in, and back in, row by row. Nothing of accounts or payments is in it."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from gongmo.definition.base import Text
from gongmo.evaluation.models import Affiliation
from gongmo.evaluation.queries.pool import PoolRow, employer_name
from gongmo.kernel import sheets
from gongmo.kernel.errors import BadInput
from gongmo.kernel.tables import Formula, Limits, plain, read_table
from gongmo.parties import checks

SHEET = "후보단"
MOST = 2_000
LIMITS = Limits(size=3 * 1024 * 1024, unpacked=8 * 1024 * 1024, rows=MOST, columns=30, cells=MOST * 30)
NAME, EMAIL, SECTOR, EXPERTISE, REGION = "이름", "전자우편", "계열", "전문 분야", "지역"
EMPLOYER, NUMBER, POSITION, SINCE, UNTIL = "소속 기관", "사업자등록번호", "직위", "소속 시작일", "소속 종료일"
POOL, PRIVACY, OUTSIDE = "후보단 동의일", "개인정보 동의일", "올해 다른 곳 평가 횟수"
HEADS = (
    NAME,
    EMAIL,
    SECTOR,
    EXPERTISE,
    REGION,
    EMPLOYER,
    NUMBER,
    POSITION,
    SINCE,
    UNTIL,
    POOL,
    PRIVACY,
    OUTSIDE,
)
NEEDED = (NAME, EMAIL, SECTOR)
SECTOR_WORDS = {
    "산업계": "industry",
    "산업": "industry",
    "산": "industry",
    "industry": "industry",
    "학계": "academia",
    "학": "academia",
    "academia": "academia",
    "연구계": "research",
    "연구": "research",
    "연": "research",
    "research": "research",
}
SECTOR_NAMES = {"industry": "산업계", "academia": "학계", "research": "연구계"}
_OTHER = {
    "성명": NAME,
    "name": NAME,
    "이메일": EMAIL,
    "메일": EMAIL,
    "email": EMAIL,
    "e-mail": EMAIL,
    "구분": SECTOR,
    "분야": EXPERTISE,
    "전문분야": EXPERTISE,
    "세부전문분야": EXPERTISE,
    "시도": REGION,
    "소속": EMPLOYER,
    "기관": EMPLOYER,
    "사업자번호": NUMBER,
    "직급": POSITION,
    "시작일": SINCE,
    "종료일": UNTIL,
}


@dataclass(frozen=True, slots=True)
class ExpertInput:
    """One row of a file: an expert with one place of work. Several rows of one address are one expert with a longer career."""

    row: int
    name: str
    email: str
    sector: str
    expertise: tuple[str, ...] = ()
    region: str | None = None
    employer: str = ""
    number: str = ""
    position: str = ""
    since: date | None = None
    until: date | None = None
    pool_consent_on: date | None = None
    privacy_consent_on: date | None = None
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is not taken: its number in the file, the column, a sentence."""

    row: int
    column: str
    text: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: rows that can be taken, and what is wrong with the others."""

    rows: tuple[ExpertInput, ...]
    problems: tuple[Problem, ...]


def template() -> bytes:
    """An XLSX file with the heads and one invented line."""
    line: list[sheets.Cell] = [
        "김평가",
        "expert@example.kr",
        "학계",
        "제조 AI, 산업공학",
        "경상남도",
        "가상대학교",
        "",
        "교수",
        "2019-03-01",
        "",
        "2025-08-01",
        "2025-08-01",
        3,
    ]
    return sheets.to_xlsx(SHEET, HEADS, [line])


def export(rows: Iterable[PoolRow], form: str) -> bytes:
    """The pool as XLSX or CSV, one line for each place of work, with labels."""
    lines: list[list[sheets.Cell]] = []
    for row in rows:
        expert = row.evaluator
        careers: list[Affiliation | None] = [*expert.affiliations.all()] or [None]
        for work in careers:
            lines.append(
                [
                    expert.label,
                    row.name,
                    expert.person.email,
                    SECTOR_NAMES[expert.sector],
                    ", ".join(expert.expertise),
                    expert.region.ko if expert.region is not None else "",
                    employer_name(work) if work is not None else "",
                    (work.business_number or "") if work is not None else "",
                    work.position if work is not None else "",
                    work.since if work is not None else None,
                    work.until if work is not None else None,
                    expert.pool_consent_on,
                    expert.privacy_consent_on,
                    expert.outside_sessions,
                    row.sessions,
                ]
            )
    heads = ["표시 이름", *HEADS, "올해 평가 횟수"]
    return sheets.to_csv(heads, lines) if form == "csv" else sheets.to_xlsx(SHEET, heads, lines)


def read(name: str, content: bytes, regions: dict[str, str]) -> Reading:
    """Read a file and judge every row alone. `regions` are codes by name. Raises BadInput for an unusable file."""
    found: list[ExpertInput] = []
    problems: list[Problem] = []
    for number, cells in _rows(read_table(name, content, sheet=SHEET, limits=LIMITS)):
        texts = {head: plain(value) for head, value in cells.items()}
        if not any(texts.values()):
            continue
        wrong: list[Problem] = []
        for head, value in cells.items():
            if isinstance(value, Formula):
                wrong.append(
                    _problem(
                        number,
                        head,
                        "수식은 읽지 않습니다. 값으로 바꾸어 주세요.",
                        "Formulas are not read; put the value.",
                    )
                )
        row = _row(number, cells, texts, regions, wrong)
        if wrong:
            problems += wrong
        else:
            found.append(row)
    problems += _differing(found)
    bad = {each.row for each in problems}
    return Reading(
        tuple(each for each in found if each.row not in bad), tuple(sorted(problems, key=lambda p: p.row))
    )


def _problem(row: int, column: str, ko: str, en: str) -> Problem:
    return Problem(row, column, Text(ko=ko, en=en))


def _row(
    number: int, cells: dict[str, Any], texts: dict[str, str], regions: dict[str, str], wrong: list[Problem]
) -> ExpertInput:
    def get(head: str) -> str:
        return texts.get(head, "")

    def day(head: str) -> date | None:
        try:
            return _day(cells.get(head))
        except ValueError:
            wrong.append(
                _problem(number, head, "날짜를 2025-08-01처럼 적어 주세요.", "Write the day as 2025-08-01.")
            )
            return None

    if not get(NAME) or len(get(NAME)) > 80:
        wrong.append(
            _problem(number, NAME, "이름을 80자 이내로 적어 주세요.", "Give a name of at most 80 letters.")
        )
    if "@" not in get(EMAIL) or " " in get(EMAIL) or len(get(EMAIL)) > 200:
        wrong.append(_problem(number, EMAIL, "전자우편 주소를 확인해 주세요.", "Check the e-mail address."))
    sector = SECTOR_WORDS.get(get(SECTOR).casefold(), "")
    if not sector:
        wrong.append(
            _problem(
                number,
                SECTOR,
                "산업계, 학계, 연구계 가운데 하나를 적어 주세요.",
                "Write industry, academia or research.",
            )
        )
    region = regions.get(_fold(get(REGION)))
    if get(REGION) and region is None:
        wrong.append(_problem(number, REGION, "시·도의 이름을 확인해 주세요.", "Check the region's name."))
    business = checks.digits(get(NUMBER))
    if business and not checks.is_business_number(business):
        wrong.append(
            _problem(
                number,
                NUMBER,
                "사업자등록번호의 검증 숫자가 맞지 않습니다.",
                "The business number's check digit is wrong.",
            )
        )
    since, until = day(SINCE), day(UNTIL)
    if get(EMPLOYER) and since is None and not any(each.column == SINCE for each in wrong):
        wrong.append(
            _problem(
                number, SINCE, "소속을 적으면 시작일도 적어 주세요.", "A place of work needs its first day."
            )
        )
    if since is not None and until is not None and until < since:
        wrong.append(_problem(number, UNTIL, "종료일이 시작일보다 앞섭니다.", "It ends before it starts."))
    outside = get(OUTSIDE) or "0"
    if not outside.isdecimal() or int(outside) > 366:
        wrong.append(
            _problem(number, OUTSIDE, "0에서 366 사이의 수를 적어 주세요.", "Write a number from 0 to 366.")
        )
        outside = "0"
    fields = tuple(
        dict.fromkeys(each.strip() for each in get(EXPERTISE).replace("·", ",").split(",") if each.strip())
    )
    if len(fields) > 20 or any(len(each) > 60 for each in fields):
        wrong.append(
            _problem(
                number, EXPERTISE, "20개, 하나에 60자까지 적어 주세요.", "At most 20 fields of 60 letters."
            )
        )
    return ExpertInput(
        row=number,
        name=get(NAME),
        email=get(EMAIL).casefold(),
        sector=sector,
        expertise=fields,
        region=region,
        employer=get(EMPLOYER)[:200],
        number=business,
        position=get(POSITION)[:80],
        since=since,
        until=until,
        pool_consent_on=day(POOL),
        privacy_consent_on=day(PRIVACY),
        outside=int(outside),
    )


def _differing(rows: Sequence[ExpertInput]) -> list[Problem]:
    """Rows of one address that do not agree on who it is."""
    first: dict[str, ExpertInput] = {}
    found = []
    for row in rows:
        held = first.setdefault(row.email, row)
        if (held.name, held.sector) != (row.name, row.sector):
            found.append(
                _problem(
                    row.row,
                    EMAIL,
                    f"{held.row}행과 전자우편이 같은데 이름이나 계열이 다릅니다.",
                    f"The address is that of row {held.row}, with another name or sector.",
                )
            )
    return found


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(value).rstrip(".").replace(". ", "-").replace(".", "-").replace("/", "-")
    if not text:
        return None
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace(" ", "").replace("*", "").casefold()


_KNOWN = {_fold(head): head for head in HEADS} | {_fold(key): head for key, head in _OTHER.items()}


def _rows(lines: Sequence[tuple[int, list[Any]]]) -> list[tuple[int, dict[str, Any]]]:
    """The rows below the heads, by canonical head."""
    for place, (number, values) in enumerate(lines):
        heads: dict[str, int] = {}
        for column, value in enumerate(values):
            if head := _KNOWN.get(_fold(plain(value))):
                heads.setdefault(head, column)
        if all(head in heads for head in NEEDED):
            return [
                (line, {head: row[at] if at < len(row) else None for head, at in heads.items()})
                for line, row in lines[place + 1 :]
            ]
        if number >= 30:
            break
    raise BadInput(
        "heads_missing",
        "‘이름’, ‘전자우편’, ‘계열’ 열을 찾지 못했습니다. ‘적을 파일 받기’로 받은 파일의 첫 줄을 그대로 두고 적어 주세요.",
        "The heads 이름, 전자우편 and 계열 were not found. Start from the downloaded file and keep its first row.",
        field="file",
    )


def region_names(regions: Iterable[Any]) -> dict[str, str]:
    """Codes by the folded Korean and English names."""
    found: dict[str, str] = {}
    for each in regions:
        found[_fold(each.ko)] = found[_fold(each.en)] = found[_fold(each.code)] = each.code
    return found


def packed(rows: Iterable[ExpertInput]) -> str:
    """The rows as JSON for a form's hidden field."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, separators=(",", ":"), default=str)


def unpacked(text: str) -> list[ExpertInput]:
    """What `packed` made, come back from a browser; every row is judged again. Raises BadInput."""
    days = ("since", "until", "pool_consent_on", "privacy_consent_on")
    try:
        made = []
        for each in json.loads(text)[:MOST]:
            each = dict(each)
            for name in days:
                each[name] = date.fromisoformat(each[name]) if each.get(name) else None
            each["expertise"] = tuple(str(word)[:60] for word in each["expertise"])
            row = ExpertInput(**each)
            texts = (row.name, row.email, row.sector, row.employer, row.number, row.position)
            if not all(isinstance(part, str) for part in texts) or type(row.outside) is not int:
                raise TypeError("row")
            "".join(texts).encode()
            made.append(row)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadInput(
            "rows_unreadable",
            "목록을 읽을 수 없습니다. 파일을 다시 올려 주세요.",
            "The list cannot be read. Upload the file again.",
            field="file",
        ) from error
    return made
