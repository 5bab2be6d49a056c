"""Reading the consortium's spreadsheet: heads under any of their names, every row judged alone, what is wrong said by row and column."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongmo.applications.commands.importing import MOST, MemberInput
from gongmo.definition.application import Application
from gongmo.definition.application import Organisation as PlainOrganisation
from gongmo.definition.base import OrganisationKind, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import AllowedKinds, ApplicantRegions, RequiredRole
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import particle
from gongmo.kernel.tables import Formula, Limits, plain, read_table
from gongmo.parties import checks
from gongmo.rules.consortium import KINDS, check_consortium
from gongmo.rules.finding import Status
from gongmo.rules.regions import RegionTable

SHEET = "참여기관"
LIMITS = Limits(size=2 * 1024 * 1024, unpacked=8 * 1024 * 1024, rows=MOST, columns=30, cells=MOST * 30)
NAME, NUMBER, ROLE, KIND, REGION, EMAIL = "기관", "사업자등록번호", "역할", "종류", "지역", "담당자 전자우편"
HEADS = (NAME, NUMBER, ROLE, KIND, REGION, EMAIL)
_OTHER_HEADS = {
    "기관명": NAME,
    "기관이름": NAME,
    "업체명": NAME,
    "회사명": NAME,
    "이름": NAME,
    "name": NAME,
    "organisation": NAME,
    "사업자번호": NUMBER,
    "사업자등록번호(10자리)": NUMBER,
    "businessnumber": NUMBER,
    "구분": ROLE,
    "참여역할": ROLE,
    "role": ROLE,
    "기관종류": KIND,
    "기관유형": KIND,
    "kind": KIND,
    "시도": REGION,
    "소재지": REGION,
    "region": REGION,
    "전자우편": EMAIL,
    "이메일": EMAIL,
    "메일": EMAIL,
    "담당자이메일": EMAIL,
    "email": EMAIL,
    "e-mail": EMAIL,
}
_EMAIL = re.compile(r"^[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+$")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is not taken: its number in the file, the column's name ("": the whole row), a sentence."""

    row: int
    column: str
    text: Text


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that would be invited; `known` says whether the organisation is registered, `notes` what to look at."""

    row: MemberInput
    known: str
    role: Text
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: rows that can be invited, problems, and how many name organisations that take part already."""

    rows: tuple[Taken, ...]
    problems: tuple[Problem, ...]
    present: int


Known = Callable[[Iterable[str]], Mapping[str, str]]
"""Answers registered names by business number, for a set of numbers."""


def read(
    name: str,
    content: bytes,
    definition: Definition,
    value: Application,
    regions: RegionTable,
    *,
    known: Known,
    waiting: frozenset[tuple[str, str]],
) -> Reading:
    """Read a file and judge every row alone. `waiting` are numbers and addresses of links that wait. Raises BadInput where the
    file as a whole cannot be used.
    """
    found = _rows(read_table(name, content, sheet=SHEET, limits=LIMITS))
    return _Reader(definition, value, regions, waiting).read(found, known)


def _rows(lines: Sequence[tuple[int, list[Any]]]) -> list[tuple[int, dict[str, Any]]]:
    """The rows below the heads, by canonical head."""
    for place, (number, values) in enumerate(lines):
        heads: dict[str, int] = {}
        for column, value in enumerate(values):
            text = _fold(plain(value))
            head = _KNOWN_HEADS.get(text)
            if head:
                heads.setdefault(head, column)
        if NAME in heads and NUMBER in heads:
            return [
                (
                    line,
                    {head: row[column] if column < len(row) else None for head, column in heads.items()},
                )
                for line, row in lines[place + 1 :]
            ]
        if number >= 30:
            break
    raise BadInput(
        "heads_missing",
        "‘기관’과 ‘사업자등록번호’ 열을 찾지 못했습니다. ‘적을 파일 받기’로 받은 파일의 첫 줄을 그대로 두고 적어 주세요.",
        "The heads 기관 and 사업자등록번호 were not found. Start from the downloaded file and keep its first row.",
        field="file",
    )


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace(" ", "").replace("*", "").casefold()


_KNOWN_HEADS = {_fold(head): head for head in HEADS} | {
    _fold(key): head for key, head in _OTHER_HEADS.items()
}


def roles_by_name(definition: Definition) -> dict[str, str]:
    """Roles that a member can have, by their Korean name."""
    return {
        role.name.ko: role.id
        for role in definition.consortium.roles
        if role.id != definition.consortium.lead_role
    }


class _Reader:
    def __init__(
        self,
        definition: Definition,
        value: Application,
        regions: RegionTable,
        waiting: frozenset[tuple[str, str]],
    ) -> None:
        self.definition, self.value, self.regions = definition, value, regions
        self.present = {
            item.business_number: item.name for item in value.organisations if item.business_number
        }
        self.waiting_numbers = {number for number, _ in waiting if number}
        self.waiting_addresses = {email for _, email in waiting if email}
        self.role_names = roles_by_name(definition)
        self.roles = {_fold(name): role for name, role in self.role_names.items()}
        self.roles |= {role: role for role in self.role_names.values()}
        for role in definition.consortium.roles:
            if role.id in self.role_names.values():
                self.roles[_fold(role.name.en)] = role.id
        self.texts = {role.id: role.name for role in definition.consortium.roles}
        self.kinds = {_fold(text.ko): kind for kind, text in KINDS.items()}
        self.kinds |= {_fold(text.en): kind for kind, text in KINDS.items()} | {k.value: k for k in KINDS}
        self.places = {_fold(region.name.ko): code for code, region in regions.regions.items()}
        self.places |= {_fold(code): code for code in regions.regions}

    def read(self, rows: list[tuple[int, dict[str, Any]]], known: Known) -> Reading:
        filled = [(number, row) for number, row in rows if any(plain(value) for value in row.values())]
        numbers = {checks.digits(plain(row.get(NUMBER))) for _, row in filled}
        registered = known({each for each in numbers if checks.is_business_number(each)})
        taken: list[Taken] = []
        problems: list[Problem] = []
        seen: dict[str, int] = {}
        present = 0
        for number, row in filled:
            business = self._number(row)
            if business in self.present:
                present += 1
                continue
            faults, made = self._judge(number, row, business, registered)
            if business and business in seen:
                faults.append(
                    (
                        NUMBER,
                        Text(
                            ko=f"{seen[business]}행과 같은 사업자등록번호입니다. 한 줄만 남겨 주세요.",
                            en=f"The same business number as in row {seen[business]}. Keep one of them.",
                        ),
                    )
                )
            elif business:
                seen[business] = number
            if faults or made is None:
                problems += [Problem(number, column, text) for column, text in faults]
            else:
                taken.append(made)
        return Reading(tuple(taken), tuple(problems), present)

    def _number(self, row: Mapping[str, Any]) -> str:
        text = checks.digits(plain(row.get(NUMBER)))
        # Spreadsheet programs take a number's leading zeros away.
        return text.zfill(10) if text.isascii() and text.isdecimal() and 7 <= len(text) <= 10 else text

    def _judge(
        self, number: int, row: Mapping[str, Any], business: str, registered: Mapping[str, str]
    ) -> tuple[list[tuple[str, Text]], Taken | None]:
        faults: list[tuple[str, Text]] = []
        for head, value in row.items():
            if isinstance(value, Formula) or plain(value).startswith("="):
                faults.append(
                    (
                        head,
                        Text(
                            ko="수식은 읽지 않습니다. 값으로 바꾸어 적어 주세요.",
                            en="Formulas are not read; write the value.",
                        ),
                    )
                )
        if faults:
            return faults, None
        name = unicodedata.normalize("NFC", plain(row.get(NAME)))[:200]
        if not name:
            faults.append(
                (NAME, Text(ko="기관의 이름이 비어 있습니다.", en="The organisation's name is missing."))
            )
        if not business:
            faults.append(
                (NUMBER, Text(ko="사업자등록번호가 비어 있습니다.", en="The business number is missing."))
            )
        elif not re.fullmatch(r"[0-9]{10}", business):
            faults.append(
                (
                    NUMBER,
                    Text(
                        ko=f"사업자등록번호는 숫자 10자리입니다. 적힌 것: ‘{business[:30]}’",
                        en=f"A business number has ten digits; this is “{business[:30]}”.",
                    ),
                )
            )
        elif not checks.is_business_number(business):
            faults.append(
                (
                    NUMBER,
                    Text(
                        ko="사업자등록번호의 확인 숫자가 맞지 않습니다. 한 자리를 잘못 적었는지 봐 주세요.",
                        en="The check digit of the business number does not fit. Look for a mistyped digit.",
                    ),
                )
            )
        elif business in self.waiting_numbers:
            faults.append(
                (
                    NUMBER,
                    Text(
                        ko="이미 링크를 보내 답을 기다리는 기관입니다. 컨소시엄 화면에서 다시 보낼 수 있습니다.",
                        en="A link to this organisation is already waiting. Send it again from the consortium's page.",
                    ),
                )
            )
        role = self._role(plain(row.get(ROLE)), faults)
        email = self._email(plain(row.get(EMAIL)), business in registered, faults)
        kind = self._one(plain(row.get(KIND)), self.kinds, KIND, [text.ko for text in KINDS.values()], faults)
        region = self._one(
            plain(row.get(REGION)),
            self.places,
            REGION,
            [item.name.ko for item in self.regions.regions.values()],
            faults,
        )
        if faults:
            return faults, None
        # The profile of a registered organisation is not told here: the page checks it once it has a place.
        notes = () if business in registered else self._notes(role, name, kind, region)
        made = MemberInput(number, name, business, role, email)
        return [], Taken(made, registered.get(business, ""), self.texts[role], notes)

    def _role(self, given: str, faults: list[tuple[str, Text]]) -> str:
        if not given and len(self.role_names) == 1:
            return next(iter(self.role_names.values()))
        found = self.roles.get(_fold(given))
        if found is None:
            names = ", ".join(self.role_names)
            faults.append(
                (
                    ROLE,
                    Text(
                        ko=(
                            f"‘{given[:40]}’: 이 공고에 없는 역할입니다."
                            if given
                            else "역할이 비어 있습니다."
                        )
                        + f" 다음 가운데 하나로 적어 주세요: {names}",
                        en=(f"“{given[:40]}” is no role of this call." if given else "The role is missing.")
                        + f" Use one of: {names}",
                    ),
                )
            )
        return found or ""

    def _email(self, given: str, known: bool, faults: list[tuple[str, Text]]) -> str:
        email = given.lower()
        if not email:
            if not known:
                faults.append(
                    (
                        EMAIL,
                        Text(
                            ko="아직 등록되지 않은 기관입니다. 담당자의 전자우편 주소를 적어 주세요.",
                            en="This organisation is not registered yet. Write the e-mail address of its person in charge.",
                        ),
                    )
                )
        elif len(email) > 254 or not _EMAIL.match(email):
            faults.append(
                (
                    EMAIL,
                    Text(
                        ko=f"전자우편 주소로 읽을 수 없습니다: ‘{given[:60]}’",
                        en=f"This is no e-mail address: “{given[:60]}”.",
                    ),
                )
            )
        elif not known and email in self.waiting_addresses:
            faults.append(
                (
                    EMAIL,
                    Text(
                        ko="이 주소로 보낸 초대가 아직 답을 기다립니다.",
                        en="An invitation to this address is still waiting.",
                    ),
                )
            )
        return email

    def _one(
        self,
        given: str,
        known: Mapping[str, Any],
        head: str,
        names: list[str],
        faults: list[tuple[str, Text]],
    ) -> Any:
        if not given:
            return None
        found = known.get(_fold(given))
        if found is None:
            faults.append(
                (
                    head,
                    Text(
                        ko=f"‘{given[:40]}’: {particle(head, '을', '를')} 읽을 수 없습니다. 비워 두거나 다음처럼 적어 주세요: {', '.join(names[:9])}",
                        en=f"“{given[:40]}” is not known. Leave it empty or use one of: {', '.join(names[:9])}",
                    ),
                )
            )
        return found

    def _notes(
        self, role: str, name: str, kind: OrganisationKind | None, region: str | None
    ) -> tuple[Text, ...]:
        """What the call's rules on kinds and regions would say of the organisation in that role."""
        if kind is None:
            return ()
        rules = tuple(
            rule
            for rule in self.definition.rules
            if isinstance(rule, AllowedKinds) or (isinstance(rule, ApplicantRegions) and region is not None)
        )
        kinds = {
            each
            for rule in self.definition.rules
            if isinstance(rule, RequiredRole) and role in rule.roles and rule.kinds
            for each in rule.kinds
        }
        notes: list[Text] = []
        if kinds and kind not in kinds:
            names = "·".join(KINDS[each].ko for each in KINDS if each in kinds)
            notes.append(
                Text(
                    ko=f"이 역할은 {particle(names, '이', '가')} 맡습니다.",
                    en=f"This role is for: {', '.join(KINDS[each].en for each in KINDS if each in kinds)}.",
                )
            )
        value = self.value.model_copy(
            update={
                "organisations": (
                    PlainOrganisation(id="new", name=name, role=role, kind=kind, region=region),
                ),
                "budget": (),
                "documents": (),
            }
        )
        narrowed = self.definition.model_copy(update={"rules": rules})
        mine = {rule.id for rule in rules if role in getattr(rule, "roles", (getattr(rule, "role", ""),))}
        for finding in check_consortium(narrowed, value, regions=self.regions):
            if finding.rule in mine and finding.status is Status.FAIL:
                notes.append(finding.message)
        return tuple(notes)
