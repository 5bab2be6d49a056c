"""Official letters to copy into the agency's document system: title, recipient, reference, body, enclosures (행정 공문의 모습).

Knows nothing of the database. Paragraphs are numbered as such letters are: 1., 가., 1); the last line ends with "끝.".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gongmo.awards.content import Content, Difference, sums
from gongmo.definition.model import Definition
from gongmo.kernel.korean import day, won

LETTERS = "가나다라마바사아자차카타파하"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as plain parts. `items` stand below the body as 가., 나., …"""

    title: str
    to: tuple[str, ...]
    reference: tuple[str, ...]
    body: str
    items: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = field(default_factory=tuple)

    def text(self) -> str:
        """The whole letter as text."""
        lines = [f"수신  {', '.join(self.to)}", f"제목  {self.title}", ""]
        number = 1
        if self.reference:
            lines.append(f"{number}. 관련: {', '.join(self.reference)}")
            number += 1
        lines.append(f"{number}. {self.body}")
        lines += [f"  {LETTERS[place % len(LETTERS)]}. {item}" for place, item in enumerate(self.items)]
        if not self.enclosures:
            lines[-1] += "  끝."
            return "\n".join(lines)
        lines.append("")
        for place, each in enumerate(self.enclosures, 1):
            head = "붙임  " if place == 1 else "      "
            tail = "  끝." if place == len(self.enclosures) else ""
            lines.append(f"{head}{place}. {each} 1부.{tail}")
        return "\n".join(lines)


def signing_letter(content: Content, definition: Definition, *, due: date | None) -> Letter:
    """Asks the parties to sign the agreement."""
    return Letter(
        title=f"{definition.title.ko} 협약 체결 요청",
        to=tuple(party.name for party in content.parties if party.name != content.operator),
        reference=(f"{definition.title.ko} 공고({day(definition.announced_on)})",),
        body=f"위 공고에 따라 선정된 ‘{content.title}’의 협약을 다음과 같이 체결하고자 하니, 내용을 확인하고 전자서명해 주시기 바랍니다.",
        items=(
            f"협약 번호: {content.number}",
            f"협약 기간: {day(content.period_starts)} ~ {day(content.period_ends)}",
            f"총사업비: {won(sum(sums(content).values()))}",
            *((f"서명 기한: {day(due)}",) if due is not None else ()),
        ),
        enclosures=("협약서",),
    )


def in_force_letter(content: Content, definition: Definition, *, on: date) -> Letter:
    """Tells that the agreement is in force."""
    return Letter(
        title=f"{definition.title.ko} 협약 체결 알림",
        to=tuple(party.name for party in content.parties if party.name != content.operator),
        reference=(f"{definition.title.ko} 공고({day(definition.announced_on)})",),
        body=f"‘{content.title}’의 협약({content.number})에 모든 당사자가 서명하여 {day(on)}부터 효력이 생겼음을 알려 드립니다.",
        items=(
            f"협약 기간: {day(content.period_starts)} ~ {day(content.period_ends)}",
            f"총사업비: {won(sum(sums(content).values()))}",
        ),
        enclosures=("협약서(봉인본)",),
    )


def amendment_letter(
    content: Content,
    definition: Definition,
    *,
    approved: bool,
    answer: str,
    asked_on: date,
    changes: Sequence[Difference],
) -> Letter:
    """Answers a request for a change."""
    return Letter(
        title=f"협약 변경 {'승인' if approved else '불승인'} 알림({content.number})",
        to=(content.lead,),
        reference=(f"협약 변경 요청({day(asked_on)})",),
        body=f"요청하신 ‘{content.title}’의 협약 변경을 다음과 같이 {'승인합니다' if approved else '승인하지 않습니다'}.",
        items=(
            *(f"{each.name.ko}: {each.before or '없음'} → {each.after or '없음'}" for each in changes),
            f"판단한 까닭: {answer}",
        ),
    )


def hearing_letter(
    content: Content, definition: Definition, *, clause: str, reason: str, evidence: str, due: date | None
) -> Letter:
    """Asks a party to state its case before the agreement is terminated."""
    return Letter(
        title=f"협약 해약 사유에 대한 의견 제출 안내({content.number})",
        to=tuple(party.name for party in content.parties if party.name != content.operator),
        reference=(f"{definition.title.ko} 공고 {clause}",),
        body=f"‘{content.title}’의 협약에 대하여 다음과 같은 사유가 확인되어, 결정하기 전에 의견을 듣고자 합니다.",
        items=(
            f"드러난 사실: {reason}",
            f"확인한 자료: {evidence}",
            *((f"의견 제출 기한: {day(due)}",) if due is not None else ()),
        ),
    )


def termination_letter(
    content: Content,
    definition: Definition,
    *,
    clause: str,
    reason: str,
    on: date,
    returned: int,
    interest: int,
) -> Letter:
    """Tells that the agreement has ended, with what is returned."""
    return Letter(
        title=f"협약 해약 알림({content.number})",
        to=tuple(party.name for party in content.parties if party.name != content.operator),
        reference=(f"{definition.title.ko} 공고 {clause}".strip(),),
        body=f"‘{content.title}’의 협약을 {day(on)} 해약하였음을 알려 드립니다.",
        items=(
            f"사유: {reason}",
            f"돌려줄 금액: {won(returned)} (이자 {won(interest)} 별도)",
        ),
    )
