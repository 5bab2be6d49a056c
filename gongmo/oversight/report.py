"""The overview as rows for spreadsheets and as a printed report. Both hold just what the page holds."""

from decimal import Decimal

from gongmo.kernel import clock
from gongmo.kernel.korean import stamp, won
from gongmo.kernel.sheets import Cell
from gongmo.oversight.queries import Overview, Place
from gongmo.papers import Column, Facts, Heading, Language, Paper, Paragraph, Table
from gongmo.parties.pages import said


def rows(found: Overview) -> tuple[list[str], list[list[Cell]]]:
    """Heads and one row an application, amounts as whole won; empty cells where there is no sum yet."""
    sources = found.definition.budget.sources
    heads = [
        said("지역", "Region"),
        said("신청 제목", "Title"),
        said("주관기관", "Lead"),
        said("상태", "State"),
        said("참여 기관 수", "Organisations"),
        said("신청 총액(원)", "Applied for (KRW)"),
        *(said(f"신청 {one.name.ko}(원)", f"Applied, {one.name.en} (KRW)") for one in sources),
        said("배분액(원)", "Allocated (KRW)"),
        said("협약 총액(원)", "Agreed (KRW)"),
        *(said(f"협약 {one.name.ko}(원)", f"Agreed, {one.name.en} (KRW)") for one in sources),
    ]
    lines: list[list[Cell]] = []
    for where, each in found.handed_in:
        word, _ = each.state
        agreed = each.money.agreed
        lines.append(
            [
                said(where.name.ko, where.name.en),
                each.title,
                each.lead,
                said(word.ko, word.en),
                each.members,
                each.money.applied,
                *(each.money.sources.get(one.id, 0) for one in sources),
                each.money.allocated,
                each.money.agreed_total,
                *(None if agreed is None else agreed.get(one.id, 0) for one in sources),
            ]
        )
    return heads, lines


def paper(found: Overview, language: Language) -> Paper:
    """The report: where the call stands, money by region and by field, and the regions' indicators."""
    call = found.call
    name = said(call.title_ko, call.title_en)
    now = clock.now()
    places = [one for one in found.places if one.applications]
    money = found.money
    return Paper(
        title=said("추진 현황 보고", "Report on progress"),
        subtitle=name,
        at=now,
        running=name,
        language=language,
        blocks=(
            Facts(
                (
                    (said("기준 시각", "As of"), stamp(now)),
                    (said("접수 마감", "Intake closes"), stamp(call.closes_at)),
                    (
                        said("접수된 신청", "Handed in"),
                        said(f"{len(found.handed_in)}건", str(len(found.handed_in))),
                    ),
                    (said("신청 총액", "Applied for"), won(money.applied)),
                    (said("배분액", "Allocated"), _or_none(money.allocated)),
                    (said("협약 총액", "Agreed"), _or_none(money.agreed_total)),
                )
            ),
            Heading(said("지역별 사업비", "Money by region")),
            _by_region(places, found),
            Heading(said("지원 분야별 신청액", "Applied for by field of support")),
            _by_field(found),
            Heading(said("지역이 세운 성과지표", "Indicators that the regions set")),
            *_indicators(places),
        ),
    )


def _or_none(amount: int | None) -> str:
    return said("아직 없음", "None yet") if amount is None else won(amount)


def _by_region(places: list[Place], found: Overview) -> Table:
    unit = said("단위: 원", "KRW")
    columns = (
        Column(said("지역", "Region"), "head"),
        Column(said("상태", "State"), "center"),
        *(Column(said(one.name.ko, one.name.en), "number") for one in found.definition.budget.sources),
        Column(said("신청 계", "Applied"), "number"),
        Column(said("배분", "Allocated"), "number"),
        Column(said("협약 계", "Agreed"), "number"),
    )
    lines = tuple(
        (
            said(one.name.ko, one.name.en),
            said(one.standing[0].ko, one.standing[0].en),
            *(f"{one.money.sources.get(source.id, 0):,}" for source in found.definition.budget.sources),
            f"{one.money.applied:,}",
            _figure(one.money.allocated),
            _figure(one.money.agreed_total),
        )
        for one in places
    )
    total = (
        said("계", "Total"),
        "",
        *(f"{found.money.sources.get(source.id, 0):,}" for source in found.definition.budget.sources),
        f"{found.money.applied:,}",
        _figure(found.money.allocated),
        _figure(found.money.agreed_total),
    )
    return Table(columns, lines, foot=(total,) if lines else (), note=unit)


def _figure(amount: int | None) -> str:
    return "–" if amount is None else f"{amount:,}"


def _by_field(found: Overview) -> Table:
    names = {one.id: one.name for one in found.definition.fields}
    columns = (
        Column(said("지원 분야", "Field"), "head"),
        Column(said("신청액", "Applied for"), "number"),
    )
    order = [one.id for one in found.definition.fields]
    keys = sorted(found.money.fields, key=lambda key: (order.index(key) if key in order else 99, key))
    return Table(
        columns,
        tuple(
            (said(names[key].ko, names[key].en) if key in names else key, f"{found.money.fields[key]:,}")
            for key in keys
        ),
        note=said("단위: 원", "KRW"),
    )


def _indicators(places: list[Place]) -> tuple[Paragraph | Table, ...]:
    lines = tuple(
        (said(one.name.ko, one.name.en), kpi.name, figure(kpi.baseline), figure(kpi.target), kpi.unit)
        for one in places
        for each in one.applications
        for kpi in each.indicators
    )
    if not lines:
        return (
            Paragraph(said("지역이 세운 성과지표가 아직 없습니다.", "No region has set an indicator yet.")),
        )
    columns = (
        Column(said("지역", "Region"), "head"),
        Column(said("지표", "Indicator")),
        Column(said("지금", "Now"), "number"),
        Column(said("목표", "Target"), "number"),
        Column(said("단위", "Unit"), "center"),
    )
    return (Table(columns, lines),)


def figure(value: Decimal | None) -> str:
    """A decimal as people write it: thousands marks, no needless zeros; "–" where there is none."""
    if value is None:
        return "–"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
