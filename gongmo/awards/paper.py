"""The agreement as a printed paper: the definition's text with the content's values in its places."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal

from gongmo.applications.papers.wording import Tongue, business_number, figure, filled
from gongmo.awards.content import Content, sums
from gongmo.awards.duties import duties_of
from gongmo.calls.paper import of_markdown
from gongmo.definition.agreement import AgreementText
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.kernel.clock import SEOUL
from gongmo.papers import (
    Attachment,
    Block,
    Column,
    Heading,
    Items,
    Language,
    Note,
    Paper,
    Paragraph,
    SignatureLine,
    Signatures,
    Signed,
    Table,
)
from gongmo.papers.words import won_in_words

BLANK = "–"
OPERATOR = "operating_agency"
"""The role of the call's operator among the parties."""
PLAIN = AgreementText(
    default=Text(
        ko="정의에 협약서의 문구가 없어 당사자, 기간, 사업비, 할 일만 적은 기본 문구를 씁니다.",
        en="The definition has no wording; a plain one with parties, period, money and duties is used.",
    ),
    title=Text(ko="협약서", en="Agreement"),
    body=Text(
        ko="‘{call}’에 따라 선정된 ‘{title}’ 사업에 대하여 다음 당사자가 협약합니다.\n\n## 당사자\n{parties}\n\n"
        "## 기간\n{starts}부터 {ends}까지입니다.\n\n## 사업비\n총사업비는 {total}({total_words})입니다.\n\n{money}\n\n{budgets}\n\n"
        "## 범위와 목표\n{scope}\n\n{goals}\n\n## 할 일\n{duties}\n\n## 특약\n{conditions}\n\n"
        "## 효력\n모든 당사자가 서명한 날부터 효력이 있습니다.\n\n{signatures}",
        en="The following parties agree on the project “{title}”, selected under “{call}”.\n\n## Parties\n{parties}\n\n"
        "## Period\nFrom {starts} to {ends}.\n\n## Money\nThe total cost is {total}.\n\n{money}\n\n{budgets}\n\n"
        "## Scope and goals\n{scope}\n\n{goals}\n\n## Duties\n{duties}\n\n## Special conditions\n{conditions}\n\n"
        "## Effect\nIt takes effect once the last party has signed.\n\n{signatures}",
    ),
)


def agreement_paper(
    content: Content,
    definition: Definition,
    *,
    version: int = 1,
    signed: Mapping[int, Signed] | None = None,
    attachments: Sequence[Attachment] = (),
    language: Language = "ko",
) -> Paper:
    """The paper of a version. `signed` are the signatures by organisation. What is signed is its Korean form; English is for reading.

    Where the definition has no text of its own, a plain one is used (PLAIN).
    """
    terms = definition.agreement
    text = terms.text if terms is not None and terms.text is not None else PLAIN
    writer = _Writer(content, definition, version, dict(signed or {}), Tongue(language))
    return Paper(
        title=writer.tongue.say(text.title),
        subtitle=content.title,
        number=f"{content.number} · {writer.tongue.t(f'제{version}판', f'version {version}')}",
        running=writer.tongue.say(definition.title),
        footer=writer.tongue.say(definition.source) if definition.invented else "",
        language=language,
        author=content.operator,
        at=datetime.combine(content.drawn_up, time(), SEOUL),
        blocks=tuple(writer.blocks(writer.tongue.say(text.body))),
        attachments=tuple(attachments),
    )


class _Writer:
    def __init__(
        self,
        content: Content,
        definition: Definition,
        version: int,
        signed: dict[int, Signed],
        tongue: Tongue,
    ) -> None:
        self.content, self.definition, self.tongue, self.signed = content, definition, tongue, signed
        total = sum(sums(content).values())
        self.values = {
            "number": content.number,
            "version": str(version),
            "title": content.title,
            "call": tongue.say(definition.title),
            "operator": content.operator,
            "applicant": content.applicant,
            "lead": content.lead,
            "region": tongue.say(content.region) if content.region else content.applicant,
            "starts": tongue.day(content.period_starts),
            "ends": tongue.day(content.period_ends),
            "total": tongue.won(total),
            "total_words": won_in_words(total),
            "drawn_up": tongue.day(content.drawn_up),
            "director": content.director or BLANK,
        }
        self.names = {str(party.organisation): party.name for party in content.parties}

    def blocks(self, body: str) -> Iterator[Block]:
        """The text's blocks. Values are put in after the text was read: nothing that people wrote becomes markup."""
        parts = {
            "parties": self._parties,
            "money": self._money,
            "budgets": self._budgets,
            "goals": self._goals,
            "scope": self._scope,
            "conditions": self._conditions,
            "duties": self._duties,
            "signatures": self._signatures,
        }
        for block in of_markdown(body):
            if isinstance(block, Paragraph):
                name = block.text.strip()
                if name.startswith("{") and name.endswith("}") and name[1:-1] in parts:
                    yield from parts[name[1:-1]]()
                else:
                    yield Paragraph(filled(block.text, self.values), block.manner)
            elif isinstance(block, Heading):
                yield Heading(filled(block.text, self.values), 1)
            elif isinstance(block, Items):
                yield Items(tuple(filled(item, self.values) for item in block.items), block.ordered)
            elif isinstance(block, Note):
                yield Note(filled(block.text, self.values), filled(block.title, self.values))
            else:
                yield block

    def role(self, role: str) -> str:
        """A role's name, or that of an actor of the programme."""
        names = {item.id: item.name for item in self.definition.actors}
        names |= {item.id: item.name for item in self.definition.consortium.roles}
        if role in names:
            return self.tongue.say(names[role])
        if role != OPERATOR:
            return role
        terms = self.definition.agreement
        roles = {item.id for item in self.definition.consortium.roles}
        # The operator is the party that takes no part in the consortium.
        for party in terms.parties if terms is not None else ():
            if party in names and party not in roles:
                return self.tongue.say(names[party])
        return self.tongue.t("운영기관", "Operator")

    def _parties(self) -> Iterator[Block]:
        t = self.tongue.t
        yield Table(
            columns=(
                Column(t("구분", "Role"), "center", 18),
                Column(t("기관", "Organisation"), "head", 36),
                Column(t("대표자", "Head"), "text", 22),
                Column(t("사업자등록번호", "Business number"), "center", 24),
            ),
            rows=tuple(
                (
                    self.role(party.role),
                    party.name,
                    " ".join(part for part in (party.head_title, party.head_name) if part) or BLANK,
                    business_number(party.business_number),
                )
                for party in self.content.parties
            ),
        )

    def _money(self) -> Iterator[Block]:
        t = self.tongue.t
        by = sums(self.content)
        years = sorted({year for year, _, _ in by})
        rows = []
        for source in self.definition.budget.sources:
            for form in self.definition.budget.forms:
                amounts = [by.get((year, source.id, form.value), 0) for year in years]
                if any(amounts):
                    name = f"{self.tongue.say(source.name)} {self.tongue.form(form.value)}"
                    rows.append((name, *(f"{each:,}" for each in amounts), f"{sum(amounts):,}"))
        totals = [sum(amount for key, amount in by.items() if key[0] == year) for year in years]
        yield Table(
            columns=(
                Column(t("재원", "Source"), "head", 28),
                *(Column(t(f"{year}년", str(year)), "number", 24) for year in years),
                Column(t("계", "Total"), "number", 26),
            ),
            rows=tuple(rows),
            foot=((t("합계", "Total"), *(f"{each:,}" for each in totals), f"{sum(totals):,}"),),
            note=self.tongue.unit(),
        )

    def _budgets(self) -> Iterator[Block]:
        t = self.tongue.t
        sources = self.definition.budget.sources
        by: dict[str, dict[str, int]] = {}
        for cell in self.content.budget:
            own = by.setdefault(cell.organisation, {})
            own[cell.source] = own.get(cell.source, 0) + cell.amount
        rows = []
        for organisation, own in by.items():
            amounts = [own.get(source.id, 0) for source in sources]
            rows.append(
                (
                    self.names.get(organisation, organisation),
                    *(f"{each:,}" for each in amounts),
                    f"{sum(amounts):,}",
                )
            )
        totals = [sum(own.get(source.id, 0) for own in by.values()) for source in sources]
        yield Table(
            columns=(
                Column(t("기관", "Organisation"), "head", 30),
                *(Column(self.tongue.say(source.name), "number", 23) for source in sources),
                Column(t("계", "Total"), "number", 25),
            ),
            rows=tuple(rows),
            foot=((t("합계", "Total"), *(f"{each:,}" for each in totals), f"{sum(totals):,}"),),
            note=self.tongue.unit(),
        )

    def _goals(self) -> Iterator[Block]:
        t = self.tongue.t
        if self.content.goals:
            yield Table(
                columns=(
                    Column(t("지표", "Indicator"), "head", 40),
                    Column(t("단위", "Unit"), "center", 12),
                    Column(t("현재", "Now"), "number", 16),
                    Column(t("목표", "Goal"), "number", 16),
                ),
                rows=tuple(
                    (goal.name, goal.unit or BLANK, _figure(goal.baseline), _figure(goal.target))
                    for goal in self.content.goals
                ),
                caption=t("성과 목표", "Goals"),
            )
        if self.content.goals_text:
            yield Paragraph(self.content.goals_text)

    def _scope(self) -> Iterator[Block]:
        yield Paragraph(
            self.content.scope
            or self.tongue.t(
                "사업의 범위는 접수된 사업계획서에 적은 것과 같습니다.",
                "The scope is that of the project plan as received.",
            )
        )

    def _conditions(self) -> Iterator[Block]:
        if self.content.conditions:
            yield Items(self.content.conditions, ordered=True)
        else:
            yield Paragraph(self.tongue.t("특약이 없습니다.", "There are none."))

    def _duties(self) -> Iterator[Block]:
        t = self.tongue.t
        found = duties_of(self.definition, self.content.period_starts, self.content.period_ends)
        if not found:
            yield Paragraph(t("따로 정한 일이 없습니다.", "None is set."))
            return
        yield Table(
            columns=(
                Column(t("기한", "By"), "center", 20),
                Column(t("할 일", "What"), "head", 44),
                Column(t("누가", "Who"), "text", 36),
            ),
            rows=tuple(
                (
                    self.tongue.day(each.day),
                    self._named(each.duty.name, each.of_year),
                    ", ".join(self.role(role) for role in each.duty.roles),
                )
                for each in found
            ),
        )

    def _named(self, name: Text, year: int | None) -> str:
        said = self.tongue.say(name)
        return said if year is None else self.tongue.t(f"{said} ({year}년)", f"{said} ({year})")

    def _signatures(self) -> Iterator[Block]:
        yield Signatures(
            lines=tuple(
                SignatureLine(
                    party.name, party.head_title, party.head_name, self.signed.get(party.organisation)
                )
                for party in self.content.parties
            ),
            seal=self.tongue.t("(서명)", "(signature)"),
            on=self.tongue.t("20  년   월   일", "date"),
        )


def _figure(value: str | None) -> str:
    """An indicator's value as people write it; it is kept as a text of a number."""
    return BLANK if value is None else figure(Decimal(value))
