"""Money rules over a budget, exact to the won: shares, caps, amounts, cash-only parts and the budget's axes.

No float and no division anywhere in a verdict: shares are compared by multiplying crosswise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gongmo.definition.application import Application
from gongmo.definition.base import Form, Text, ratio_text
from gongmo.definition.model import Definition
from gongmo.definition.rules import (
    AmountCeiling,
    AmountFloor,
    BudgetAxes,
    CashOnly,
    InKindCap,
    MoneyRule,
    Part,
    ShareCeiling,
    ShareFloor,
)
from gongmo.kernel.korean import particle
from gongmo.rules.axes import AXES_REQUIRED, cell_subject, check_axes
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind
from gongmo.rules.shares import Share, mend_text, share_text
from gongmo.rules.values import (
    BUDGET,
    Ground,
    Group,
    SumTable,
    common,
    holds,
    money_en,
    money_ko,
    part_name,
    rest,
    sentence,
    text,
    within,
)

NOTHING = text("해당 금액 없음", "No such money")


def check_money(
    definition: Definition, application: Application, *, table: SumTable | None = None
) -> tuple[Finding, ...]:
    """Every money rule of the definition on the application's budget, in the definition's order.

    The budget's axes (known years, fields, categories, sources, forms, organisations; no cell twice) are checked even
    where no rule asks for it, and an empty budget fails where the definition has money rules. `table` may carry the
    budget's sums when the caller has them already. Sums are in won.
    """
    sums = SumTable.of(application) if table is None else table
    rules = [rule for rule in definition.rules if isinstance(rule, MoneyRule)]
    found = list(
        check_axes(
            definition,
            application,
            next((r for r in rules if isinstance(r, BudgetAxes)), None),
            table=sums,
        )
    )
    if any(not isinstance(rule, BudgetAxes) for rule in rules) and not any(sums.groups.values()):
        found.append(_empty(definition))
    for rule in rules:
        found += money_findings(definition, application, rule, sums)
    return tuple(found)


def money_findings(
    definition: Definition, application: Application, rule: MoneyRule, table: SumTable
) -> tuple[Finding, ...]:
    """One money rule's findings: one for the total, one a year, one an organisation, or one a cell at fault.

    `budget_axes` is the affair of the whole check (`check_money`) and gives none here.
    """
    if isinstance(rule, BudgetAxes):
        return ()
    if isinstance(rule, CashOnly):
        return tuple(_cash_only(definition, application, rule, table))
    if isinstance(rule, AmountCeiling | AmountFloor):
        return tuple(_amounts(definition, application, rule, table))
    return tuple(_shares(definition, application, rule, table))


@dataclass(frozen=True, slots=True)
class _Scope:
    """The total, one year or one organisation."""

    subject: Subject
    year: int | None = None
    organisation: str | None = None
    ko: str = ""
    en: str = ""


def _scopes(
    definition: Definition,
    application: Application,
    rule: ShareFloor | ShareCeiling | InKindCap | AmountCeiling | AmountFloor,
) -> Iterator[_Scope]:
    if rule.per == "total":
        yield _Scope(BUDGET)
    elif rule.per == "year":
        for year in definition.budget.years:
            yield _Scope(Subject(SubjectKind.BUDGET, str(year.year)), year=year.year)
    else:
        for organisation in application.organisations:
            if rule.part.roles is None or organisation.role in rule.part.roles:
                yield _Scope(
                    Subject(SubjectKind.ORGANISATION, organisation.id, organisation.id),
                    organisation=organisation.id,
                    ko=f"{organisation.name}의 ",
                    en=f"{organisation.name}: ",
                )


def _shares(
    definition: Definition,
    application: Application,
    rule: ShareFloor | ShareCeiling | InKindCap,
    table: SumTable,
) -> Iterator[Finding]:
    if isinstance(rule, InKindCap):
        whole = rule.part
        part = common(rule.part, Part(forms=(Form.IN_KIND,)))
        limit, floor = rule.at_most, False
    else:
        part, whole = rule.part, rule.whole
        floor = isinstance(rule, ShareFloor)
        limit = rule.at_least if isinstance(rule, ShareFloor) else rule.at_most
    ground = Ground.of(rule)
    if part is None:
        yield _not_applicable(ground, BUDGET, part_name(definition, whole), limit_text(rule))
        return
    both = common(part, whole)
    inside, apart = within(part, whole), both is None
    has_rest = not within(whole, part)
    other = rest(definition, whole, part)
    judged = False
    for scope in _scopes(definition, application, rule):
        sums = (
            table
            if scope.organisation is None
            else SumTable(table.by_organisation.get(scope.organisation, {}), {})
        )
        whole_sum = sums.total(whole, year=scope.year)
        part_sum = sums.total(part, year=scope.year)
        overlap = part_sum if inside else 0 if both is None else sums.total(both, year=scope.year)
        share = Share(part_sum, whole_sum, overlap, limit, floor, inside, apart, has_rest)
        if share.empty and rule.per == "organisation":
            continue
        judged = True
        yield _share(definition, rule, ground, scope, share, part, whole, other)
    if not judged:
        yield _not_applicable(ground, BUDGET, part_name(definition, whole), limit_text(rule))


def _share(
    definition: Definition,
    rule: ShareFloor | ShareCeiling | InKindCap,
    ground: Ground,
    scope: _Scope,
    share: Share,
    part: Part,
    whole: Part,
    other: Part | None,
) -> Finding:
    part_text = part_name(definition, part, year=scope.year)
    whole_text = part_name(definition, whole, year=scope.year)
    required = limit_text(rule)
    if share.empty:
        return _not_applicable(ground, scope.subject, whole_text, required)
    seen = share_text(share.part, share.whole, share.limit)
    numbers = {
        "part": share.part,
        "whole": share.whole,
        "ratio": ratio_text(share.limit),
        "bound": "floor" if share.floor else "ceiling",
        "limit": share.limit_won,
        "year": scope.year,
        "organisation": scope.organisation,
        **{mend.act: mend.amount for mend in share.mends()},
    }
    limit = ratio_text(share.limit)
    bound_ko, bound_en = ("이상이어야", "at least") if share.floor else ("이하여야", "at most")
    gap_ko, gap_en = money_ko(share.distance), money_en(share.distance)
    if share.lawful:
        verdict_ko, verdict_en = f"여유는 {gap_ko}입니다", f"{gap_en} of room are left"
    elif share.floor:
        verdict_ko, verdict_en = f"{gap_ko}이 모자랍니다", f"{gap_en} are missing"
    else:
        verdict_ko, verdict_en = f"{gap_ko}이 넘습니다", f"{gap_en} too much"
    other_text = part_name(definition, other, year=scope.year) if other is not None else None
    return ground.finding(
        Status.PASS if share.lawful else Status.FAIL,
        scope.subject,
        observed=text(
            f"{part_text.ko} {money_ko(share.part)} / {whole_text.ko} {money_ko(share.whole)} = {seen}",
            f"{part_text.en} {money_en(share.part)} / {whole_text.en} {money_en(share.whole)} = {seen}",
        ),
        required=required,
        message=text(
            f"{scope.ko}{particle(part_text.ko, '은', '는')} {whole_text.ko}의 {limit} {bound_ko} 합니다. "
            f"지금은 {seen}이고 {verdict_ko}.",
            sentence(
                f"{scope.en}{part_text.en} must be {bound_en} {limit} of {whole_text.en}. It is {seen}; {verdict_en}."
            ),
        ),
        remedy=mend_text(share, part_text, whole_text, other_text),
        distance=share.distance,
        numbers=numbers,
    )


def _amounts(
    definition: Definition, application: Application, rule: AmountCeiling | AmountFloor, table: SumTable
) -> Iterator[Finding]:
    ground, required = Ground.of(rule), limit_text(rule)
    floor = isinstance(rule, AmountFloor)
    limit = rule.at_least if isinstance(rule, AmountFloor) else rule.at_most
    scopes = list(_scopes(definition, application, rule))
    if not scopes:
        yield _not_applicable(ground, BUDGET, part_name(definition, rule.part), required)
    for scope in scopes:
        name = part_name(definition, rule.part, year=scope.year)
        amount = table.total(rule.part, year=scope.year, organisation=scope.organisation)
        lawful = amount >= limit if floor else amount <= limit
        gap = abs(limit - amount)
        remedy = None
        if lawful:
            verdict_ko, verdict_en = f"여유는 {money_ko(gap)}입니다", f"{money_en(gap)} of room are left"
        elif floor:
            verdict_ko, verdict_en = f"{money_ko(gap)}이 모자랍니다", f"{money_en(gap)} are missing"
            remedy = text(
                f"{particle(name.ko, '을', '를')} {money_ko(gap)} 늘려 주세요.",
                f"Raise {name.en} by {money_en(gap)}.",
            )
        else:
            verdict_ko, verdict_en = f"{money_ko(gap)}이 넘습니다", f"{money_en(gap)} too much"
            remedy = text(
                f"{particle(name.ko, '을', '를')} {money_ko(gap)} 줄여 주세요.",
                f"Lower {name.en} by {money_en(gap)}.",
            )
        bound_ko, bound_en = ("이상이어야", "at least") if floor else ("이하여야", "at most")
        yield ground.finding(
            Status.PASS if lawful else Status.FAIL,
            scope.subject,
            observed=text(f"{name.ko} {money_ko(amount)}", f"{name.en} {money_en(amount)}"),
            required=required,
            message=text(
                f"{scope.ko}{particle(name.ko, '은', '는')} {money_ko(limit)} {bound_ko} 합니다. "
                f"지금은 {money_ko(amount)}이고 {verdict_ko}.",
                sentence(
                    f"{scope.en}{name.en} must be {bound_en} {money_en(limit)}. "
                    f"It is {money_en(amount)}; {verdict_en}."
                ),
            ),
            remedy=remedy,
            distance=gap,
            numbers={
                "amount": amount,
                "limit": limit,
                "bound": "floor" if floor else "ceiling",
                "year": scope.year,
                "organisation": scope.organisation,
            },
        )


def _cash_only(
    definition: Definition, application: Application, rule: CashOnly, table: SumTable
) -> Iterator[Finding]:
    ground, required = Ground.of(rule), limit_text(rule)
    name = part_name(definition, rule.part)
    roles = {organisation.id: organisation.role for organisation in application.organisations}
    cash, faults = 0, 0
    at_fault: set[Group] = set()
    for group, amount in table.groups.items():
        if amount and holds(rule.part, group):
            if group.form is Form.CASH:
                cash += amount
            else:
                at_fault.add(group)
    for cell in application.budget if at_fault else ():
        if cell.form is Form.CASH or cell.amount == 0:
            continue
        group = Group(
            cell.source,
            cell.form,
            cell.field,
            cell.category,
            cell.year,
            roles.get(cell.organisation, ""),
            cell.direct_support,
        )
        if group not in at_fault:
            continue
        faults += 1
        yield ground.finding(
            Status.FAIL,
            cell_subject(cell),
            observed=text(f"현물 {money_ko(cell.amount)}", f"{money_en(cell.amount)} in kind"),
            required=required,
            message=text(
                f"{particle(name.ko, '은', '는')} 현금이어야 하는데 ‘{cell.key}’ 칸에 현물 {money_ko(cell.amount)}이 있습니다.",
                f"{sentence(name.en)} must be cash, but the cell ‘{cell.key}’ holds {money_en(cell.amount)} in kind.",
            ),
            remedy=text(
                f"이 칸의 {money_ko(cell.amount)}을 현금으로 바꿔 주세요.",
                f"Turn the {money_en(cell.amount)} of this cell into cash.",
            ),
            distance=cell.amount,
            numbers={"amount": cell.amount, "cell": cell.key},
        )
    if faults:
        return
    if cash == 0:
        yield _not_applicable(ground, BUDGET, name, required)
        return
    yield ground.finding(
        Status.PASS,
        BUDGET,
        observed=text(f"현금 {money_ko(cash)}, 현물 0원", f"{money_en(cash)} in cash, none in kind"),
        required=required,
        message=text(
            f"{particle(name.ko, '은', '는')} 모두 현금입니다({money_ko(cash)}).",
            f"{sentence(name.en)} is all cash ({money_en(cash)}).",
        ),
        numbers={"amount": cash},
    )


def limit_text(rule: MoneyRule) -> Text:
    """A money rule's limit in short: "60% 이하", "1,000원 이상", "현금만"."""
    if isinstance(rule, ShareFloor):
        ratio = ratio_text(rule.at_least)
        return text(f"{ratio} 이상", f"at least {ratio}")
    if isinstance(rule, ShareCeiling | InKindCap):
        ratio = ratio_text(rule.at_most)
        return text(f"{ratio} 이하", f"at most {ratio}")
    if isinstance(rule, AmountFloor):
        return text(f"{money_ko(rule.at_least)} 이상", f"at least {money_en(rule.at_least)}")
    if isinstance(rule, AmountCeiling):
        return text(f"{money_ko(rule.at_most)} 이하", f"at most {money_en(rule.at_most)}")
    if isinstance(rule, CashOnly):
        return text("현금만", "cash only")
    return AXES_REQUIRED


def _not_applicable(ground: Ground, subject: Subject, name: Text, required: Text) -> Finding:
    return ground.finding(
        Status.NOT_APPLICABLE,
        subject,
        observed=NOTHING,
        required=required,
        message=text(
            f"{name.ko}에 해당하는 금액이 없어 이 규칙은 적용되지 않습니다.",
            f"There is no money under {name.en}, so this rule does not apply.",
        ),
    )


def _empty(definition: Definition) -> Finding:
    ground = Ground.under("budget_given", text("사업비 작성", "A budget is given"), definition.budget)
    return ground.finding(
        Status.FAIL,
        BUDGET,
        observed=text("사업비 0원", "0 won"),
        required=text("0원보다 큰 사업비", "a budget above 0 won"),
        message=text(
            "사업비가 비어 있어 금액 규칙을 확인할 수 없습니다.",
            "The budget is empty, so the money rules cannot be judged.",
        ),
        remedy=text(
            "사업비를 기관·연도·비목별로 적어 주세요.", "Enter the budget by organisation, year and category."
        ),
        numbers={"whole": 0},
    )
