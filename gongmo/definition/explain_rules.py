"""Turns rules into plain sentences (see `gongmo.definition.explain`)."""

from collections.abc import Mapping, Sequence

from gongmo.definition.base import OrganisationKind, Severity, Text, ratio_text
from gongmo.definition.model import Definition
from gongmo.definition.rules import (
    AllowedKinds,
    AmountCeiling,
    AmountFloor,
    ApplicantRegions,
    BudgetAxes,
    CashOnly,
    DemandedProof,
    Exclusion,
    InKindCap,
    Part,
    RequiredRole,
    Rule,
    ShareCeiling,
    ShareFloor,
)
from gongmo.definition.wording import (
    FORMS,
    KINDS,
    PER,
    amount,
    join,
    name_of,
    role_name,
    role_names,
    source_name,
)
from gongmo.kernel.korean import particle


def explain_part(call: Definition, part: Part) -> Text:
    """Which budget cells are meant: "직접지원 국비(현금)", "total cost"."""
    sources = join((source_name(call, item) for item in part.sources or ()), "+", " and ")
    narrowed: list[Text] = []
    if part.direct_support is not None:
        narrowed.append(
            Text(ko="직접지원", en="direct support")
            if part.direct_support
            else Text(ko="직접지원 밖", en="outside direct support")
        )
    for text in (
        join(name_of(((f.id, f.name) for f in call.fields), item) for item in part.fields or ()),
        join(
            name_of(((c.id, c.name) for c in call.budget.categories), item) for item in part.categories or ()
        ),
        join(Text(ko=f"{year}년", en=str(year)) for year in part.years or ()),
        join(role_name(call, item) for item in part.roles or ()),
    ):
        if text is not None:
            narrowed.append(text)
    forms = join((FORMS[form] for form in part.forms or ()), "·", " or ")
    ko, en = (sources.ko, sources.en) if sources else ("사업비", "money")
    if not narrowed and sources is None:
        ko, en = "총사업비", "the total cost"
    inside = join(narrowed, " ", ", ")
    if inside is not None:
        ko, en = f"{inside.ko} {ko}", f"{en} ({inside.en})"
    return Text(ko=f"{ko}({forms.ko})", en=f"{en}, {forms.en}") if forms else Text(ko=ko, en=en)


def _kinds(kinds: Sequence[OrganisationKind]) -> Text:
    return Text(
        ko=", ".join(KINDS[kind].ko for kind in kinds), en=" or ".join(KINDS[kind].en for kind in kinds)
    )


def explain_rule(call: Definition, rule: Rule, *, regions: Mapping[str, Text] | None = None) -> Text:
    """What a rule asks for, in one or two sentences. An advisory rule says that it decides nothing.

    `regions` gives the names of region codes, which are not part of a definition; without it the codes are shown.
    """
    text = _asks(call, rule, regions or {})
    if rule.severity is Severity.ADVISORY:
        return Text(
            ko=f"{text.ko} 참고로 알릴 뿐 판정에 쓰지 않습니다.",
            en=f"{text.en} This is told and decides nothing.",
        )
    return text


def _asks(call: Definition, rule: Rule, regions: Mapping[str, Text]) -> Text:
    if isinstance(rule, ApplicantRegions):
        return _asks_region(call, rule, regions)
    if isinstance(rule, RequiredRole | AllowedKinds):
        return _asks_members(call, rule)
    if isinstance(rule, Exclusion):
        return _asks_exclusion(call, rule)
    if isinstance(rule, DemandedProof):
        return Text(
            ko="요구받은 증빙은 기한까지 내야 합니다. 내지 않으면 제외합니다.",
            en="Proof that was demanded is handed in by its due time. Otherwise the organisation is excluded.",
        )
    if isinstance(rule, BudgetAxes):
        return Text(
            ko="사업비의 연도, 분야, 비목, 재원, 현금·현물 구분은 공고가 정한 것만 씁니다.",
            en="The budget uses only the years, fields, categories, sources and forms that the call declares.",
        )
    return _asks_money(call, rule)


def _asks_region(call: Definition, rule: ApplicantRegions, regions: Mapping[str, Text]) -> Text:
    role = role_name(call, rule.role)
    if rule.from_parent:
        return Text(
            ko=f"{particle(role.ko, '은', '는')} 상위 협약의 지역에 있어야 합니다.",
            en=f"{role.en}: located in the region of the parent agreement.",
        )
    names = [regions.get(code, Text(ko=code, en=code)) for code in rule.regions]
    return Text(
        ko=f"{particle(role.ko, '은', '는')} 마감일 현재 다음 {len(names)}개 지역 가운데 하나에 속해야 합니다: {', '.join(name.ko for name in names)}",
        en=f"{role.en}: in one of these {len(names)} regions as of the closing date: {', '.join(name.en for name in names)}",
    )


def _asks_members(call: Definition, rule: RequiredRole | AllowedKinds) -> Text:
    roles, kinds = role_names(call, rule.roles), _kinds(rule.kinds) if rule.kinds else None
    if isinstance(rule, AllowedKinds):
        listed = _kinds(rule.kinds)
        return Text(
            ko=f"{particle(roles.ko, '은', '는')} 다음 가운데 하나여야 합니다: {listed.ko}",
            en=f"{roles.en}: one of {listed.en}.",
        )
    if rule.at_least == 0 and rule.at_most is not None:
        return Text(
            ko=f"{particle(roles.ko, '은', '는')} {rule.at_most}곳까지 둘 수 있습니다."
            + (f" ({kinds.ko})" if kinds else ""),
            en=f"{roles.en}: at most {rule.at_most}." + (f" ({kinds.en})" if kinds else ""),
        )
    if rule.at_most is None:
        count = Text(ko=f"{rule.at_least}곳 이상", en=f"at least {rule.at_least}")
    elif rule.at_least == rule.at_most:
        count = Text(ko=f"{rule.at_least}곳", en=f"exactly {rule.at_least}")
    else:
        count = Text(ko=f"{rule.at_least}곳에서 {rule.at_most}곳", en=f"{rule.at_least} to {rule.at_most}")
    return Text(
        ko=f"{particle(roles.ko, '이', '가')} {count.ko} 있어야 합니다."
        + (f" ({kinds.ko})" if kinds else ""),
        en=f"{roles.en}: {count.en}." + (f" ({kinds.en})" if kinds else ""),
    )


def _asks_exclusion(call: Definition, rule: Exclusion) -> Text:
    fact = name_of(((item.id, item.name) for item in call.facts), rule.fact)
    ko = f"마감일 현재 ‘{fact.ko}’에 해당하는 기관은 제외합니다."
    en = f"An organisation to which “{fact.en}” applies on the closing date is excluded."
    if rule.contagion == "application":
        ko += " 한 곳이라도 해당하면 신청 전체를 제외합니다."
        en += " One such organisation excludes the whole application."
    for exception in rule.exceptions:
        ko += f" 예외: {exception.text.ko}."
        en += f" Exception: {exception.text.en}."
    if rule.roles is not None:
        listed = role_names(call, rule.roles)
        ko, en = f"{ko} 대상: {listed.ko}.", f"{en} Concerns: {listed.en}."
    if rule.kinds is not None:
        kinds = _kinds(rule.kinds)
        ko, en = f"{ko} 대상 기관: {kinds.ko}.", f"{en} Concerns: {kinds.en}."
    return Text(ko=ko, en=en)


def _asks_money(
    call: Definition, rule: ShareFloor | ShareCeiling | InKindCap | CashOnly | AmountCeiling | AmountFloor
) -> Text:
    part = explain_part(call, rule.part)
    subject = particle(part.ko, "은", "는")
    if isinstance(rule, CashOnly):
        return Text(ko=f"{subject} 현금만 쓸 수 있습니다.", en=f"Cash only: {part.en}.")
    per = PER[rule.per]
    scope_ko, scope_en = ("", "") if rule.per == "total" else (f"{per.ko} ", f", {per.en}")
    if isinstance(rule, AmountCeiling | AmountFloor):
        above = isinstance(rule, AmountFloor)
        limit = amount(rule.at_least if isinstance(rule, AmountFloor) else rule.at_most)
        if rule.severity is Severity.ADVISORY:
            return Text(
                ko=f"{subject} {scope_ko}{particle(limit.ko, '을', '를')} 기준으로 봅니다.",
                en=f"{_capital(part.en)}: {limit.en}{scope_en} is the mark.",
            )
        return Text(
            ko=f"{subject} {scope_ko}{limit.ko} {'이상' if above else '이하'}여야 합니다.".replace(
                "이상여야", "이상이어야"
            ),
            en=f"{_capital(part.en)}: at {'least' if above else 'most'} {limit.en}{scope_en}.",
        )
    if isinstance(rule, InKindCap):
        share = ratio_text(rule.at_most)
        return Text(
            ko=f"{part.ko}에서 현물은 {scope_ko}{share} 이하여야 합니다.",
            en=f"{_capital(part.en)}: at most {share} in kind{scope_en}.",
        )
    whole = explain_part(call, rule.whole)
    if isinstance(rule, ShareFloor):
        share = ratio_text(rule.at_least)
        return Text(
            ko=f"{subject} {scope_ko}{whole.ko}의 {share} 이상이어야 합니다.",
            en=f"{_capital(part.en)}: at least {share} of {whole.en}{scope_en}.",
        )
    share = ratio_text(rule.at_most)
    return Text(
        ko=f"{subject} {scope_ko}{whole.ko}의 {share} 이하여야 합니다.",
        en=f"{_capital(part.en)}: at most {share} of {whole.en}{scope_en}.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
