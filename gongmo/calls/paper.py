"""A call as a printed paper: its announcement in plain words where there is one, then what the definition settles, clause by clause."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import groupby

from gongmo.calls.models import Call
from gongmo.definition.base import Based, Text
from gongmo.definition.explain import explain_allocation, explain_document, explain_evaluation, explain_rule
from gongmo.definition.model import Definition, Milestone
from gongmo.definition.wording import ground
from gongmo.kernel import korean
from gongmo.kernel.clock import SEOUL
from gongmo.papers import (
    Block,
    Column,
    Facts,
    Heading,
    Items,
    Language,
    Note,
    Paper,
    Paragraph,
    Table,
)
from gongmo.parties.queries import region_table

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)$")
_BULLET = re.compile(r"\s*[-*+]\s+(.*)$")
# A day at the start of a line ("2030. 3. 15.") is no item of a list.
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(?!\d{1,2}\.)(.*)$")
_DIVIDER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,2000})\)")
_MARKS = re.compile(
    r"\\([\\`*_{}\[\]()#+\-.!|<>])|`([^`\n]+)`|\*\*(?=\S)([^\n]{1,500}?)(?<=\S)\*\*|\*(?=[^\s*])([^*\n]+?)(?<=\S)\*"
)
BLANK = "–"


def call_paper(
    call: Call, definition: Definition, language: Language = "ko", announcement: str | None = None
) -> Paper:
    """The call's version in force (`definition`) as a paper. `announcement` is its Markdown, the version's own when missing.

    At most two statements: the version's announcement and the regions' names.
    """
    writer = _Writer(call, definition, language)
    if announcement is None:
        version = call.version
        told = (
            ""
            if version is None
            else (version.announcement_ko if language == "ko" else version.announcement_en)
        )
    else:
        told = announcement
    return Paper(
        title=writer.say(definition.title),
        subtitle=writer.t("공고", "Call for applications"),
        running=writer.say(definition.title),
        number=writer.t(f"제{definition.version}판", f"Version {definition.version}"),
        footer=writer.say(definition.source) if definition.invented else "",
        language=language,
        author=call.operator.name,
        at=datetime.combine(definition.announced_on, time(), SEOUL),
        blocks=tuple(writer.blocks(told)),
    )


class _Writer:
    def __init__(self, call: Call, definition: Definition, language: Language) -> None:
        self.call = call
        self.definition = definition
        self.language = language

    def t(self, ko: str, en: str) -> str:
        return ko if self.language == "ko" else en

    def say(self, text: Text) -> str:
        return self.t(text.ko, text.en)

    def ground(self, based: Based) -> str:
        return self.say(ground(based))

    def blocks(self, announcement: str) -> Iterator[Block]:
        """Every part in the order in which people ask."""
        if self.definition.invented:
            yield Note(
                self.t("이 공고는 연습을 위해 지어낸 것입니다.", "This call is made up for practice."),
                self.t("가상 자료", "Made up"),
            )
        yield self._glance()
        if announcement.strip():
            yield Heading(self.t("안내", "About this call"))
            yield from of_markdown(announcement)
        else:
            yield Heading(self.t("목적", "Purpose"))
            yield Paragraph(self.say(self.definition.purpose))
        yield from self._who()
        yield from self._what()
        yield from self._how()
        yield from self._choice()
        yield from self._clauses()

    def _glance(self) -> Facts:
        intake, budget = self.definition.intake, self.definition.budget
        rows = [
            (
                self.t("공고한 기관", "Announced by"),
                ", ".join(self.say(text) for text in self.definition.announced_by),
            ),
            (self.t("운영 기관", "Operated by"), self.call.operator.name),
            (self.t("공고일", "Announced on"), korean.day(self.definition.announced_on)),
            (
                self.t("접수 기간", "Intake"),
                self.t(
                    f"{korean.stamp(intake.opens)}부터 {korean.stamp(intake.closes)} 전까지",
                    f"{korean.stamp(intake.opens)} until before {korean.stamp(intake.closes)} (Korea time)",
                ),
            ),
            (
                self.t("사업 기간", "Period"),
                f"{korean.day(budget.period_starts)} ~ {korean.day(budget.period_ends)}",
            ),
            (
                self.t("선정 수", "To be selected"),
                self.t(f"{self.definition.selection.count}곳", f"{self.definition.selection.count}"),
            ),
        ]
        for contact in self.definition.contacts:
            reach = [part for part in (contact.phone, contact.email) if part]
            rows.append((self.t("문의", "Questions to"), " · ".join([self.say(contact.name), *reach])))
        return Facts(tuple(rows))

    def _who(self) -> Iterator[Block]:
        yield Heading(self.t("신청할 수 있는 곳", "Who may apply"))
        yield Table(
            (
                Column(self.t("역할", "Role"), "head", 28),
                Column(self.t("하는 일", "What it does"), "text", 72),
            ),
            tuple(
                (self.say(role.name), self.say(role.description) if role.description else BLANK)
                for role in self.definition.consortium.roles
            ),
        )
        regions = {code: region.name for code, region in region_table().regions.items()}
        yield self._lines(
            (rule.title, explain_rule(self.definition, rule, regions=regions), rule)
            for rule in self.definition.rules
        )
        yield Heading(self.t("자가점검 질문", "Questions of the self-check"), 2)
        yield Table(
            (
                Column(self.t("조항", "Clause"), "center", 12),
                Column(self.t("질문", "Question"), "text", 58),
                Column(self.t("증빙", "Proof"), "text", 40),
            ),
            tuple(
                (
                    self.ground(fact),
                    self.say(fact.question),
                    ", ".join(self.say(proof) for proof in fact.proof) or BLANK,
                )
                for fact in self.definition.facts
            ),
        )

    def _what(self) -> Iterator[Block]:
        yield Heading(self.t("지원하는 내용", "What is supported"))
        yield Table(
            (
                Column(self.t("분야", "Field"), "head", 22),
                Column(self.t("내용", "Content"), "text", 40),
                Column(self.t("예시", "Examples"), "text", 48),
            ),
            tuple(
                (
                    self.say(field.name),
                    self.say(field.description) if field.description else BLANK,
                    ", ".join(self.say(example) for example in field.examples) or BLANK,
                )
                for field in self.definition.fields
            ),
        )
        plan = explain_allocation(self.definition)
        if plan is not None:
            yield Paragraph(self.say(plan))

    def _how(self) -> Iterator[Block]:
        yield Heading(self.t("제출할 서류와 방법", "Documents and how to hand them in"))
        yield Table(
            (
                Column(self.t("번호", "No."), "center", 8),
                Column(self.t("서류", "Document"), "head", 32),
                Column(self.t("내는 곳과 형식", "From whom and in which format"), "text", 56),
                Column(self.t("조항", "Clause"), "center", 14),
            ),
            tuple(
                (
                    str(item.number),
                    self.say(item.name),
                    self.say(explain_document(self.definition, item)),
                    self.ground(item),
                )
                for item in sorted(self.definition.documents, key=lambda item: item.number)
            ),
        )
        if self.definition.intake.channels:
            yield Heading(self.t("다른 방법으로 보낼 것", "What comes by other ways"), 2)
            yield Table(
                (
                    Column(self.t("방법", "Way"), "head", 26),
                    Column(self.t("도착 기한", "Due on"), "center", 18),
                    Column(self.t("안내", "How"), "text", 60),
                ),
                tuple(
                    (
                        self.say(channel.name)
                        + ("" if channel.required else self.t(" (해당하면)", " (if needed)")),
                        korean.day(channel.due_on) if channel.due_on else BLANK,
                        self.say(channel.instructions),
                    )
                    for channel in self.definition.intake.channels
                ),
            )
        yield Heading(self.t("일정", "Schedule"), 2)
        yield Table(
            (Column(self.t("단계", "Step"), "head", 40), Column(self.t("때", "When"), "text", 60)),
            tuple((self.say(step.name), self._when(step)) for step in self.definition.milestones),
        )

    def _when(self, step: Milestone) -> str:
        if step.when is not None:
            return self.say(step.when)
        if step.starts is None and step.ends is None:
            return self.t("정해지면 알립니다", "to be told")
        days = [korean.day(day) for day in (step.starts, step.ends) if day is not None]
        return days[0] if len(set(days)) == 1 else " ~ ".join(days)

    def _choice(self) -> Iterator[Block]:
        yield Heading(self.t("평가와 선정", "Evaluation and selection"))
        rows: list[tuple[str, ...]] = []
        for group in self.definition.evaluation.criteria:
            for criterion in group.criteria:
                rows.append(
                    (
                        f"{group.id}. {self.say(group.name)}",
                        f"{criterion.id} {self.say(criterion.name)}",
                        str(criterion.max_points),
                    )
                )
        merged = [
            (name if place == 0 else "", *rest[1:])
            for name, lines in groupby(rows, key=lambda row: row[0])
            for place, rest in enumerate(lines)
        ]
        total = sum(
            criterion.max_points
            for group in self.definition.evaluation.criteria
            for criterion in group.criteria
        )
        yield Table(
            (
                Column(self.t("평가항목", "Criteria"), "head", 34),
                Column(self.t("세부 항목", "Criterion"), "text", 50),
                Column(self.t("배점", "Points"), "number", 12),
            ),
            tuple(merged),
            foot=((self.t("합계", "Total"), "", str(total)),),
        )
        yield self._lines(explain_evaluation(self.definition))

    def _clauses(self) -> Iterator[Block]:
        yield Heading(self.t("조항", "Clauses"))
        for clause in self.definition.clauses:
            yield Heading(f"{clause.id} {self.say(clause.title)}", 2)
            yield Paragraph(self.say(clause.text))
            if clause.silent is not None:
                yield Paragraph(self.t("정하지 않은 것: ", "Left open: ") + self.say(clause.silent), "quiet")
        if self.definition.settings:
            yield Heading(self.t("조항에 없어 기본값으로 정한 것", "Defaults that no clause states"))
            yield Items(tuple(self.say(setting.text) for setting in self.definition.settings))
        yield Paragraph(self.say(self.definition.source), "quiet")

    def _lines(self, lines: Iterable[tuple[Text, Text, Based]]) -> Table:
        return Table(
            (
                Column(self.t("무엇", "What"), "head", 28),
                Column(self.t("내용", "Content"), "text", 60),
                Column(self.t("근거", "Ground"), "center", 18),
            ),
            tuple((self.say(name), self.say(said), self.ground(based)) for name, said, based in lines),
        )


def of_markdown(text: str) -> Iterator[Block]:
    """An announcement's Markdown as blocks: headings, lists, tables and paragraphs; marks inside a line are left out, addresses told."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").expandtabs(4).split("\n")]
    while lines and not lines[0].strip():
        lines.pop(0)
    if lines and lines[0].startswith("# "):
        lines.pop(0)
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or (set(line.strip()) <= {"-", "*", "_"} and len(line.strip()) >= 3):
            at += 1
        elif heading := _HEADING.match(line):
            yield Heading(_words(heading[2]), 2)
            at += 1
        elif "|" in line and at + 1 < len(lines) and _DIVIDER.match(lines[at + 1].strip()):
            start = at
            while at < len(lines) and "|" in lines[at]:
                at += 1
            head, *body = [_cells(row) for row in (lines[start], *lines[start + 2 : at])]
            yield Table(
                tuple(Column(cell, width=10) for cell in head),
                tuple(tuple((row + [""] * len(head))[: len(head)]) for row in body),
            )
        elif (
            mark := _NUMBER if _NUMBER.match(line) else _BULLET if _BULLET.match(line) else None
        ) is not None:
            items: list[str] = []
            while at < len(lines) and lines[at].strip() and not _HEADING.match(lines[at]):
                found = _BULLET.match(lines[at]) or _NUMBER.match(lines[at])
                if found:
                    items.append(found[1])
                else:
                    items[-1] += " " + lines[at].strip()
                at += 1
            yield Items(tuple(_words(item) for item in items), ordered=mark is _NUMBER)
        else:
            start = at
            while at < len(lines) and lines[at].strip() and not _begins(lines[at]):
                at += 1
            at = max(at, start + 1)
            yield Paragraph("\n".join(_words(each) for each in lines[start:at]))


def _begins(line: str) -> bool:
    return bool(_HEADING.match(line) or _BULLET.match(line) or _NUMBER.match(line))


def _cells(row: str) -> list[str]:
    return [_words(cell) for cell in re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))]


def _words(line: str) -> str:
    """A line without its marks; a link keeps its address in brackets."""
    told = _LINK.sub(lambda found: f"{found[1]} ({found[2]})", line)
    told = _MARKS.sub(lambda found: next(group for group in found.groups() if group is not None), told)
    return told.lstrip("> ").strip()
