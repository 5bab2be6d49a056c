"""Document contents that are written once for the whole application: the application form and the consortium's agreement."""

from itertools import groupby

from gongmo.applications.papers import money
from gongmo.applications.papers.data import PaperData
from gongmo.applications.papers.wording import (
    BLANK,
    Tongue,
    articles,
    business_number,
    figure,
    filled,
    head_of,
    places,
    role_name,
    sentences,
)
from gongmo.definition.form import QuestionKind
from gongmo.definition.papers import PaperText
from gongmo.kernel.korean import percent
from gongmo.papers import Block, Column, Facts, Heading, Items, Paragraph, Table
from gongmo.rules.form import Asked, asked, told_answer


def application_form(data: PaperData, text: PaperText, tongue: Tongue) -> tuple[Block, ...]:
    """The application: who applies with what, the consortium, what shall be reached, the money, what is attached."""
    values = places(data, tongue, None)
    blocks: list[Block] = [*sentences(text.opening, tongue, values), _summary(data, tongue)]
    blocks.append(Heading(tongue.t("1. 사업 개요", "1. The project")))
    names = {item.id: tongue.say(item.name) for item in data.definition.fields}
    if data.fields:
        chosen = ", ".join(names.get(item, item) for item in data.fields)
        blocks.append(Facts(((tongue.t("지원 분야", "Fields"), chosen),)))
    blocks.append(Paragraph(data.summary or BLANK))
    blocks += answers(data, tongue)
    blocks += [Heading(tongue.t("2. 컨소시엄", "2. The consortium")), consortium_table(data, tongue)]
    blocks.append(Heading(tongue.t("3. 성과지표", "3. Indicators of success")))
    blocks.append(
        _indicators(data, tongue)
        if data.indicators
        else Paragraph(tongue.t("적은 성과지표가 없습니다.", "No indicators are given."))
    )
    blocks.append(Heading(tongue.t("4. 사업비", "4. Money")))
    if data.cells:
        blocks += [
            money.by_source(data, tongue),
            money.by_organisation(data, tongue),
            money.by_field(data, tongue),
            money.by_category(data, tongue),
        ]
    else:
        blocks.append(Paragraph(tongue.t("적은 사업비가 없습니다.", "No money is given.")))
    blocks.append(Heading(tongue.t("5. 제출서류", "5. Documents")))
    blocks.append(
        Items(
            tuple(
                tongue.say(item.name)
                + (tongue.t(" (해당 기관)", " (where it applies)") if item.when.kind != "always" else "")
                for item in sorted(data.definition.documents, key=lambda item: item.number)
            ),
            ordered=True,
        )
    )
    blocks += [
        Heading(tongue.t("6. 신청", "6. Application")),
        *articles(text.articles, tongue, values, numbered=False),
    ]
    blocks += sentences(text.closing, tongue, values)
    return tuple(blocks)


def consortium_agreement(data: PaperData, text: PaperText, tongue: Tongue) -> tuple[Block, ...]:
    """The consortium's agreement: parties and their roles, the articles of the definition, what each contributes."""
    values = places(data, tongue, data.by_organisation.get(data.lead))
    blocks: list[Block] = [
        Facts(
            (
                (tongue.t("과제", "Project"), data.title),
                (tongue.t("공고", "Call"), tongue.say(data.definition.title)),
                (tongue.t("과제 기간", "Period"), f"{values['starts']} ~ {values['ends']}"),
            )
        ),
        *sentences(text.opening, tongue, values),
        *articles(text.articles, tongue, values, numbered=True),
        Heading(tongue.t("붙임 1. 협약 기관", "Annex 1. The parties")),
        consortium_table(data, tongue),
        Heading(tongue.t("붙임 2. 기관별 사업비", "Annex 2. Money of each organisation")),
        money.by_organisation(data, tongue)
        if data.cells
        else Paragraph(tongue.t("적은 사업비가 없습니다.", "No money is given.")),
        *sentences(text.closing, tongue, values),
    ]
    return tuple(blocks)


def answers(data: PaperData, tongue: Tongue) -> tuple[Block, ...]:
    """The call's own questions with their answers, section by section: short answers in a table, running text under its question."""
    blocks: list[Block] = []
    sections = groupby(asked(data.definition, data.fields), key=lambda item: item.section)
    for section, questions in sections:
        blocks.append(Heading(tongue.say(section.name), 2))
        short: list[tuple[str, str]] = []
        for item in questions:
            name = tongue.say(item.name)
            if item.question.kind is not QuestionKind.LONG_TEXT:
                short.append((name, _answer(data, tongue, item)))
                continue
            if short:
                blocks.append(Facts(tuple(short)))
                short = []
            blocks += [Heading(name, 3), Paragraph(data.answers.get(item.place) or BLANK)]
        if short:
            blocks.append(Facts(tuple(short)))
    return tuple(blocks)


def _answer(data: PaperData, tongue: Tongue, item: Asked) -> str:
    """A short answer in one text; a person with what reaches it."""
    told = []
    for place in item.places:
        part = place.removeprefix(item.place).removeprefix(".")
        answer = data.answers.get(place, "")
        if answer:
            told.append(tongue.say(told_answer(item.question, part, answer)))
    return " · ".join(told) or BLANK


def consortium_table(data: PaperData, tongue: Tongue) -> Table:
    """Every organisation with its role, kind, region, head and number."""
    return Table(
        columns=(
            Column(tongue.t("기관", "Organisation"), "head", 34),
            Column(tongue.t("역할", "Role"), "text", 22),
            Column(tongue.t("종류", "Kind"), "text", 20),
            Column(tongue.t("지역", "Region"), "text", 16),
            Column(tongue.t("대표자", "Head"), "text", 20),
            Column(tongue.t("사업자등록번호", "Business number"), "center", 22),
        ),
        rows=tuple(
            (
                party.name,
                role_name(data, tongue, party.role),
                tongue.kind(party),
                tongue.say(party.region),
                head_of(party),
                business_number(party.business_number),
            )
            for party in data.parties
        ),
        caption=tongue.t(f"모두 {len(data.parties):,}곳", f"{len(data.parties):,} organisations"),
    )


def _summary(data: PaperData, tongue: Tongue) -> Facts:
    lead = data.by_organisation.get(data.lead)
    applicant = data.applicant
    budget = data.definition.budget
    total = sum(cell.amount for cell in data.cells)
    rows = [
        (tongue.t("사업명", "Project"), data.title),
        (tongue.t("신청 지역", "Region"), tongue.say(data.region)),
        (tongue.t("주관기관", "Lead"), lead.name if lead else BLANK),
    ]
    if applicant is not None and applicant.organisation != data.lead:
        rows.append((role_name(data, tongue, applicant.role), applicant.name))
    rows += [
        (
            tongue.t("사업 기간", "Period"),
            f"{tongue.day(budget.period_starts)} ~ {tongue.day(budget.period_ends)}",
        ),
        (tongue.t("총사업비", "Total cost"), tongue.won_read(total)),
    ]
    for source in budget.sources:
        amount = sum(cell.amount for cell in data.cells if cell.source == source.id)
        rows.append((tongue.say(source.name), f"{tongue.won_read(amount)} · {percent(amount, total)}"))
    return Facts(tuple(rows))


def _indicators(data: PaperData, tongue: Tongue) -> Table:
    return Table(
        columns=(
            Column(tongue.t("지표", "Indicator"), "head", 30),
            Column(tongue.t("단위", "Unit"), "center", 12),
            Column(tongue.t("지금", "Now"), "number", 15),
            Column(tongue.t("목표", "Target"), "number", 15),
            Column(tongue.t("재는 방법", "How it is measured"), "text", 34),
        ),
        rows=tuple(
            (
                item.name or BLANK,
                item.unit or BLANK,
                figure(item.baseline),
                figure(item.target),
                item.measured_by or BLANK,
            )
            for item in data.indicators
        ),
    )


def addressee(data: PaperData, text: PaperText, tongue: Tongue) -> tuple[Block, ...]:
    """To whom the paper is written, where the call says so."""
    if text.addressee is None:
        return ()
    return (Paragraph(filled(tongue.say(text.addressee), places(data, tongue, None)), "addressee"),)
