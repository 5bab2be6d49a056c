"""The cover sheet of originals that come by post: whose they are, where they go, what lies in the envelope, and a code for the register."""

from collections.abc import Sequence
from datetime import datetime

from gongmo.applications.papers.codes import code_of
from gongmo.applications.papers.data import PaperData
from gongmo.applications.papers.wording import BLANK, Tongue
from gongmo.definition.model import Channel
from gongmo.kernel.korean import stamp
from gongmo.papers import Block, Column, Facts, Heading, Language, Paper, Paragraph, Qr, Table
from gongmo.rules.exclusions import closing_day


def cover_paper(
    data: PaperData,
    channels: Sequence[Channel | str] = (),
    *,
    enclosed: Sequence[tuple[str, str]] = (),
    receipt_number: str = "",
    at: datetime | None = None,
    language: Language = "ko",
) -> Paper:
    """A cover sheet for some channels of the call, all of them when none is given. `enclosed` lists what is in the envelope as (document,
    organisation); without it the call's documents stand as a list to tick. Raises KeyError for a channel that the call does not have.
    """
    tongue = Tongue(language)
    definition = data.definition
    known = {channel.id: channel for channel in definition.intake.channels}
    chosen = [known[item] if isinstance(item, str) else item for item in channels] or list(known.values())
    lead = data.by_organisation.get(data.lead)
    code = code_of(data.application)
    listed = enclosed or [
        (tongue.say(kind.name), "") for kind in sorted(definition.documents, key=lambda kind: kind.number)
    ]
    blocks: list[Block] = [
        Qr(
            code,
            tongue.t(
                "받는 곳에서 이 코드를 읽거나 적으면 신청서를 찾습니다. 봉투 맨 위에 넣어 주세요.",
                "Whoever receives this reads or types the code and finds the application. Put this sheet on top.",
            ),
            code,
        ),
        Facts(
            (
                (tongue.t("공고", "Call"), tongue.say(definition.title)),
                (tongue.t("사업명", "Project"), data.title),
                (tongue.t("신청 지역", "Region"), tongue.say(data.region)),
                (tongue.t("보내는 곳", "From"), lead.name if lead else BLANK),
                (
                    tongue.t("접수번호", "Receipt number"),
                    receipt_number or tongue.t("아직 제출하지 않음", "not submitted yet"),
                ),
            )
        ),
    ]
    if chosen:
        blocks.append(
            Table(
                (
                    Column(tongue.t("보내는 방법", "Way"), "head", 26),
                    Column(
                        tongue.t("도착 기한(그날까지)", "Must arrive by (that day included)"), "center", 26
                    ),
                    Column(tongue.t("안내", "How"), "text", 58),
                ),
                tuple(
                    (
                        tongue.say(channel.name),
                        tongue.day(channel.due_on or closing_day(definition)),
                        tongue.say(channel.instructions),
                    )
                    for channel in chosen
                ),
            )
        )
    blocks += [
        Heading(tongue.t("들어 있는 서류", "Enclosed")),
        _enclosed(listed, tongue),
        Heading(tongue.t("받는 곳", "To")),
        Facts(
            tuple(
                (
                    tongue.t("담당", "Office"),
                    " · ".join(
                        part
                        for part in (tongue.say(contact.name), contact.phone or "", contact.email or "")
                        if part
                    ),
                )
                for contact in definition.contacts
            )
            or ((tongue.t("담당", "Office"), data.operator),)
        ),
        Paragraph(tongue.t(f"{data.operator} 귀하", f"To {data.operator}"), "addressee"),
    ]
    return Paper(
        title=tongue.t("제출 서류 표지", "Cover sheet"),
        subtitle=tongue.say(chosen[0].name) if len(chosen) == 1 else "",
        number=code,
        running=tongue.say(definition.title),
        footer=tongue.t(
            f"접수 마감 {stamp(definition.intake.closes)}", f"Deadline {stamp(definition.intake.closes)}"
        ),
        language=language,
        at=at or data.changed_at,
        blocks=tuple(blocks),
    )


def _enclosed(listed: Sequence[tuple[str, str]], tongue: Tongue) -> Table:
    """What is in the envelope, to be ticked; whose it is only where that is told."""
    owned = any(organisation for _, organisation in listed)
    return Table(
        (
            Column(tongue.t("번호", "No."), "center", 10),
            Column(tongue.t("서류", "Document"), "head", 46),
            *([Column(tongue.t("기관", "Organisation"), "text", 40)] if owned else []),
            Column(tongue.t("확인", "Checked"), "center", 14),
        ),
        tuple(
            (str(number), name, *([organisation or BLANK] if owned else []), "□")
            for number, (name, organisation) in enumerate(listed, 1)
        ),
    )
