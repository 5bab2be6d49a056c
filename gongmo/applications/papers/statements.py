"""Document contents that each organisation signs for itself: intent, self-check, pledge of money, asset plan, consents."""

from collections.abc import Iterable, Mapping

from gongmo.applications.papers.data import Declared, Money, PaperData, Party
from gongmo.applications.papers.wording import (
    BLANK,
    Tongue,
    articles,
    business_number,
    corporate_number,
    head_of,
    places,
    role_name,
    sentences,
)
from gongmo.applications.values import CONSENTS
from gongmo.definition.application import Truth
from gongmo.definition.model import DocumentKind, FactKind
from gongmo.definition.papers import PaperText
from gongmo.definition.rules import Exclusion, FollowUpAfterEnd, YoungerThan
from gongmo.papers import Block, Column, Facts, Heading, Items, Note, Table
from gongmo.papers.words import won_in_words
from gongmo.rules.exclusions import anniversary, closing_day


def intent(
    data: PaperData, kind: DocumentKind, text: PaperText, party: Party, tongue: Tongue
) -> tuple[Block, ...]:
    """That an organisation wants to take part, in which role."""
    values = places(data, tongue, party)
    lead = data.by_organisation.get(data.lead)
    return (
        organisation_facts(data, party, tongue),
        Heading(tongue.t("참여할 과제", "The project")),
        Facts(
            (
                (tongue.t("공고", "Call"), tongue.say(data.definition.title)),
                (tongue.t("사업명", "Project"), data.title),
                (tongue.t("주관기관", "Lead"), lead.name if lead else BLANK),
                (tongue.t("참여 역할", "Role"), role_name(data, tongue, party.role)),
                (tongue.t("사업 기간", "Period"), f"{values['starts']} ~ {values['ends']}"),
            )
        ),
        *_words(text, tongue, values),
    )


def self_check(
    data: PaperData, kind: DocumentKind, text: PaperText, party: Party, tongue: Tongue
) -> tuple[Block, ...]:
    """Every question of exclusion with the organisation's own answer, its day, and the exception that it claims."""
    values = places(data, tongue, party)
    own = data.declared.get(party.member, {})
    rows = tuple(
        (
            fact.clause or BLANK,
            tongue.say(fact.question),
            _answer(own.get(fact.id), tongue),
            tongue.day(own[fact.id].at) if fact.id in own else BLANK,
        )
        for fact in data.definition.facts
    )
    blocks: list[Block] = [
        organisation_facts(data, party, tongue),
        *sentences(text.opening, tongue, values),
        Table(
            columns=(
                Column(tongue.t("조항", "Clause"), "center", 10),
                Column(tongue.t("확인할 내용", "Question"), "text", 56),
                Column(tongue.t("답", "Answer"), "center", 14),
                Column(tongue.t("답한 날", "Answered on"), "center", 18),
            ),
            rows=rows,
            caption=tongue.t(
                f"판단 기준일: 접수 마감일 {tongue.day(closing_day(data.definition))}",
                f"As of the closing date, {tongue.day(closing_day(data.definition))}",
            ),
        ),
    ]
    claimed = [
        said
        for fact in data.definition.facts
        for said in _claims(data, fact, own.get(fact.id), party, tongue)
    ]
    if claimed:
        blocks += [Heading(tongue.t("예외와 덧붙이는 말", "Exceptions and remarks")), Items(tuple(claimed))]
    blocks += articles(text.articles, tongue, values, numbered=False)
    blocks += sentences(text.closing, tongue, values)
    return tuple(blocks)


def local_pledge(
    data: PaperData, kind: DocumentKind, text: PaperText, party: Party, tongue: Tongue
) -> tuple[Block, ...]:
    """The money of one source that an organisation pledges, by year in figures and in words.

    Where the call lets one organisation alone pledge, it pledges all money of that source, whoever spends it; else each pledges
    what stands beside its own name.
    """
    cells = pledged(data, kind, text, party)
    total = sum(cell.amount for cell in cells)
    values = places(data, tongue, party, total)
    source = next(item for item in data.definition.budget.sources if item.id == text.source)
    forms = data.definition.budget.forms
    rows = []
    for year in data.definition.budget.years:
        own = [cell for cell in cells if cell.year == year.year]
        amounts = [sum(cell.amount for cell in own if cell.form == form.value) for form in forms]
        rows.append(
            (
                f"{tongue.say(year.name)} ({year.year})",
                *(f"{amount:,}" for amount in amounts),
                f"{sum(amounts):,}",
            )
        )
    sums = [sum(cell.amount for cell in cells if cell.form == form.value) for form in forms]
    blocks: list[Block] = [
        *sentences(text.opening, tongue, values),
        Facts(
            (
                (tongue.t("사업명", "Project"), data.title),
                (tongue.t("부담하는 기관", "Who pays"), party.name),
                (tongue.t("재원", "Source"), tongue.say(source.name)),
                (tongue.t("부담할 금액", "Amount"), f"{won_in_words(total)} ({tongue.won(total)})"),
            )
        ),
        Table(
            columns=(
                Column(tongue.t("연도", "Year"), "head", 26),
                *(Column(tongue.form(form.value), "number", 24) for form in forms),
                Column(tongue.t("계", "Total"), "number", 26),
            ),
            rows=tuple(rows),
            caption=tongue.t("연도별 금액", "By year"),
            foot=((tongue.t("합계", "Total"), *(f"{amount:,}" for amount in sums), f"{total:,}"),),
            note=tongue.unit(),
        ),
        *articles(text.articles, tongue, values, numbered=False),
        *sentences(text.closing, tongue, values),
    ]
    return tuple(blocks)


def pledged(data: PaperData, kind: DocumentKind, text: PaperText, party: Party) -> tuple[Money, ...]:
    """The cells of the source that this organisation pledges (see `local_pledge`)."""
    others = [item for item in data.parties if item.role in kind.roles and item.member != party.member]
    return tuple(
        cell
        for cell in data.cells
        if cell.source == text.source and (not others or cell.organisation == party.organisation)
    )


def asset_plan(
    data: PaperData, kind: DocumentKind, text: PaperText, party: Party, tongue: Tongue
) -> tuple[Block, ...]:
    """The organisation's money in asset categories: by year, field and category, each source."""
    values = places(data, tongue, party)
    definition = data.definition
    categories = {item.id: item for item in definition.budget.categories if item.asset}
    fields = {item.id: tongue.say(item.name) for item in definition.fields}
    sources = definition.budget.sources
    sums: dict[tuple[int, str, str], dict[str, int]] = {}
    for cell in data.cells_of.get(party.organisation, ()):
        if cell.category in categories:
            own = sums.setdefault((cell.year, cell.field, cell.category), {})
            own[cell.source] = own.get(cell.source, 0) + cell.amount
    totals = [sum(amounts.get(source.id, 0) for amounts in sums.values()) for source in sources]
    blocks: list[Block] = [
        organisation_facts(data, party, tongue),
        *sentences(text.opening, tongue, values),
    ]
    if sums:
        blocks.append(
            Table(
                columns=(
                    Column(tongue.t("연도", "Year"), "center", 11),
                    Column(tongue.t("지원 분야", "Field"), "text", 22),
                    Column(tongue.t("비목", "Category"), "text", 22),
                    *(Column(tongue.say(source.name), "number", 22) for source in sources),
                    Column(tongue.t("계", "Total"), "number", 24),
                ),
                rows=tuple(
                    (
                        str(year),
                        fields.get(field, field),
                        tongue.say(categories[category].name),
                        *(f"{amounts.get(source.id, 0):,}" for source in sources),
                        f"{sum(amounts.values()):,}",
                    )
                    for (year, field, category), amounts in sorted(sums.items())
                ),
                caption=tongue.t("자산으로 남는 비목의 사업비", "Money in categories that remain as assets"),
                foot=(
                    (
                        tongue.t("합계", "Total"),
                        "",
                        "",
                        *(f"{amount:,}" for amount in totals),
                        f"{sum(totals):,}",
                    ),
                ),
                note=tongue.unit(),
            )
        )
    else:
        blocks.append(
            Note(
                tongue.t(
                    "자산으로 남는 비목에 적은 사업비가 없습니다. 자산을 산다면 사업비 화면에서 금액을 적어 주세요.",
                    "No money stands in categories that remain as assets. If assets are bought, enter the amounts on the budget page.",
                )
            )
        )
    return (*blocks, *_words(text, tongue, values, opening=False))


def consent(
    data: PaperData, kind: DocumentKind, text: PaperText, party: Party, tongue: Tongue
) -> tuple[Block, ...]:
    """Each consent on its own: what it means, whether it is required, what was answered and when."""
    values = places(data, tongue, party)
    own = data.consents.get(party.member, {})
    told = {article.consent: article for article in text.articles if article.consent}
    blocks: list[Block] = [
        organisation_facts(data, party, tongue),
        *sentences(text.opening, tongue, values),
    ]
    for each in CONSENTS:
        given = own.get(each.id)
        article = told.get(each.id)
        need = tongue.t("필수", "required") if each.required else tongue.t("선택", "optional")
        blocks.append(Heading(f"{tongue.say(article.title if article else each.name)} [{need}]"))
        facts: list[tuple[str, str]] = []
        if article is not None:
            said = articles([article], tongue, values, numbered=False)[1:]
            facts = [row for block in said if isinstance(block, Facts) for row in block.rows]
            blocks += [block for block in said if not isinstance(block, Facts)]
        if given is None:
            answer = tongue.t("☐ 아직 답하지 않음", "☐ not answered yet")
        elif given.given:
            answer = tongue.t(f"■ 동의함 ({tongue.day(given.at)})", f"■ agreed ({tongue.day(given.at)})")
        else:
            answer = tongue.t(
                f"□ 동의하지 않음 ({tongue.day(given.at)})", f"□ not agreed ({tongue.day(given.at)})"
            )
        blocks.append(
            Facts(
                (
                    *facts,
                    (tongue.t("확인", "Statement"), tongue.say(each.sentence)),
                    (tongue.t("답", "Answer"), answer),
                )
            )
        )
    rest = [article for article in text.articles if not article.consent]
    blocks += articles(rest, tongue, values, numbered=False)
    blocks += sentences(text.closing, tongue, values)
    return tuple(blocks)


def organisation_facts(data: PaperData, party: Party, tongue: Tongue) -> Facts:
    """An organisation's profile."""
    return Facts(
        (
            (tongue.t("기관명", "Organisation"), party.name),
            (tongue.t("역할", "Role"), role_name(data, tongue, party.role)),
            (tongue.t("기관 종류", "Kind"), tongue.kind(party)),
            (tongue.t("지역", "Region"), tongue.say(party.region)),
            (tongue.t("사업자등록번호", "Business number"), business_number(party.business_number)),
            (tongue.t("법인등록번호", "Corporate number"), corporate_number(party.corporate_number)),
            (tongue.t("대표자", "Head"), head_of(party)),
            (tongue.t("설립일", "Founded"), tongue.day(party.founded_on)),
            (tongue.t("주소", "Address"), party.address or BLANK),
        ),
        columns=2,
    )


def _words(
    text: PaperText, tongue: Tongue, values: Mapping[str, str], *, opening: bool = True
) -> tuple[Block, ...]:
    return (
        *(sentences(text.opening, tongue, values) if opening else ()),
        *articles(text.articles, tongue, values, numbered=False),
        *sentences(text.closing, tongue, values),
    )


def _answer(declared: Declared | None, tongue: Tongue) -> str:
    if declared is None:
        return tongue.t("답하지 않음", "not answered")
    words = {
        Truth.YES.value: ("예", "yes"),
        Truth.NO.value: ("아니요", "no"),
        Truth.UNKNOWN.value: ("모름", "not known"),
    }
    return tongue.t(*words[declared.value])


def _claims(
    data: PaperData, fact: FactKind, declared: Declared | None, party: Party, tongue: Tongue
) -> Iterable[str]:
    """What an organisation says beside a yes: the exceptions that hold for it, and its own words."""
    if declared is None:
        return
    name = tongue.say(fact.name)
    if declared.value == Truth.YES.value:
        for exception in _exceptions(data, fact.id):
            if isinstance(exception, YoungerThan):
                founded = party.founded_on
                if founded is not None and anniversary(founded, exception.years) > closing_day(
                    data.definition
                ):
                    yield f"{name}: {tongue.say(exception.text)} ({tongue.t('설립', 'founded')} {tongue.day(founded)})"
            elif declared.follow_up:
                ended = tongue.day(declared.earlier_ended_on)
                yield f"{name}: {tongue.say(exception.text)} ({tongue.t('앞선 과제가 끝난 날', 'earlier project ended')} {ended})"
    if declared.note:
        yield f"{name}: {declared.note}"


def _exceptions(data: PaperData, fact: str) -> Iterable[YoungerThan | FollowUpAfterEnd]:
    for rule in data.definition.rules:
        if isinstance(rule, Exclusion) and rule.fact == fact:
            yield from rule.exceptions
