"""Turns what a definition settles into plain sentences, in Korean and English. Pages, the command line and diffs share them.

Pure functions of a definition and one of its parts. Money is written in won with its reading aid, shares as people write them.
"""

from typing import assert_never

from gongmo.definition.base import Based, Text
from gongmo.definition.evaluation import Evaluation, Stage
from gongmo.definition.explain_rules import explain_part, explain_rule
from gongmo.definition.model import Definition, DocumentKind
from gongmo.definition.wording import (
    DEFAULT_MARK,
    FORMS,
    KINDS,
    PER,
    amount,
    category_names,
    ground,
    join,
    name_of,
    role_name,
    role_names,
    source_name,
)
from gongmo.kernel.korean import particle

__all__ = [
    "DEFAULT_MARK",
    "FORMS",
    "KINDS",
    "PER",
    "amount",
    "explain_allocation",
    "explain_averaging",
    "explain_document",
    "explain_evaluation",
    "explain_part",
    "explain_rounding",
    "explain_rule",
    "explain_stage",
    "explain_ties",
    "ground",
    "join",
    "name_of",
    "role_name",
    "role_names",
    "source_name",
]


def explain_document(call: Definition, document: DocumentKind) -> Text:
    """Who hands in a document, when it is due and in which formats."""
    roles = role_names(call, document.roles)
    if document.per == "application":
        ko, en = f"{particle(roles.ko, '이', '가')} 한 번 냅니다.", f"Once, from: {roles.en}."
    else:
        each = Text(
            ko=", ".join(role_name(call, role).ko for role in document.roles),
            en=", ".join(role_name(call, role).en for role in document.roles),
        )
        ko, en = f"기관마다 냅니다({each.ko}).", f"From each organisation ({each.en})."
    if document.when.kind == "always":
        pass
    elif document.when.kind == "buys_assets":
        ko, en = f"{ko} 자산을 사는 기관만 냅니다.", f"{en} Only where it buys assets."
    elif document.when.kind == "contributes":
        source = source_name(call, document.when.source)
        ko, en = (
            f"{ko} {particle(source.ko, '을', '를')} 부담하는 기관만 냅니다.",
            f"{en} Only where it contributes {source.en}.",
        )
    elif document.when.kind == "spends_on":
        names = category_names(call, document.when.categories)
        ko, en = (
            f"{ko} {names.ko}에 사업비가 있는 기관만 냅니다.",
            f"{en} Only where it has money for {names.en}.",
        )
    else:
        assert_never(document.when)
    formats = ", ".join(item.upper() for item in document.formats)
    return Text(ko=f"{ko} 형식: {formats}", en=f"{en} Formats: {formats}")


def explain_stage(evaluation: Evaluation, stage: Stage) -> Text:
    """What a stage weighs, out of how many points, and who goes on."""
    if not stage.scored:
        ko, en = "점수를 매기지 않습니다.", "Not scored."
        if stage.optional:
            ko, en = f"필요한 경우에만 합니다. {ko}", f"Held only where it is needed. {en}"
        return Text(ko=ko, en=en)
    maximum = sum(criterion.max_points for criterion in evaluation.criteria_of(stage))
    ko, en = (
        f"{maximum}점 만점, 최종 점수의 {stage.weight}%.",
        f"Out of {maximum} points, {stage.weight} % of the final score.",
    )
    if stage.presenter == "project_director":
        ko, en = f"{ko} 총괄책임자가 발표합니다.", f"{en} The project director presents."
    if stage.advance is not None:
        ko, en = f"{ko} 상위 {stage.advance}곳이 다음 단계로 갑니다.", f"{en} The best {stage.advance} go on."
    return Text(ko=ko, en=en)


def explain_averaging(evaluation: Evaluation) -> Text:
    """How evaluators' totals become one score."""
    averaging = evaluation.averaging
    if averaging.method == "mean":
        return Text(ko="점수를 매긴 모든 위원의 평균", en="mean of all evaluators who scored")
    if averaging.method == "median":
        return Text(ko="위원 점수의 중앙값", en="median of the evaluators' scores")
    return Text(
        ko=f"최고 {averaging.highest}개와 최저 {averaging.lowest}개를 뺀 평균(위원 {averaging.minimum_evaluators}명 이상일 때)",
        en=f"mean without the {averaging.highest} highest and {averaging.lowest} lowest (from {averaging.minimum_evaluators} evaluators on)",
    )


def explain_rounding(evaluation: Evaluation) -> Text:
    """Where and how scores are rounded."""
    rounding = evaluation.rounding
    mode = {
        "half_up": Text(ko="반올림", en="half up"),
        "half_even": Text(ko="짝수 쪽 반올림", en="half to even"),
        "down": Text(ko="버림", en="down"),
    }[rounding.mode]
    at = {
        "final": Text(ko="최종 점수에서 한 번", en="once, at the final score"),
        "stage": Text(ko="단계 점수와 최종 점수에서", en="at stage scores and the final score"),
    }[rounding.at]
    return Text(
        ko=f"{at.ko}, 소수 {rounding.places}자리까지 {mode.ko}",
        en=f"{at.en}, to {rounding.places} decimal{'s' if rounding.places != 1 else ''}, {mode.en}",
    )


def explain_ties(evaluation: Evaluation) -> Text:
    """What decides between equal final scores."""
    ties, names = evaluation.ties, evaluation.criterion_map()
    steps = [
        *(Text(ko=f"‘{names[i].name.ko}’ 점수", en=f"points of “{names[i].name.en}”") for i in ties.criteria),
        *(evaluation.stage(i).name for i in ties.stages),
    ]
    if ties.committee_decides:
        steps.append(Text(ko="평가위원회 의결", en="the committee's recorded decision"))
    return join(steps, " → ", ", then ") or Text(ko="동점은 같은 순위", en="equal scores share a rank")


def explain_evaluation(call: Definition) -> tuple[tuple[Text, Text, Based], ...]:
    """The evaluation as lines (name, sentence, what it rests on), in the order in which people ask."""
    evaluation = call.evaluation
    committee = evaluation.committee
    lines: list[tuple[Text, Text, Based]] = [
        (
            Text(ko="평가위원회", en="Committee"),
            Text(
                ko=f"{committee.size}명, 단계마다 점수표 {committee.quorum}장 이상",
                en=f"{committee.size} members, at least {committee.quorum} sheets a stage",
            ),
            committee,
        )
    ]
    lines += [(stage.name, explain_stage(evaluation, stage), stage) for stage in evaluation.stages]
    lines += [
        (
            Text(ko="점수 간격", en="Step"),
            Text(ko=f"{evaluation.point_step.step}점", en=f"{evaluation.point_step.step} points"),
            evaluation.point_step,
        ),
        (Text(ko="점수 모으기", en="Averaging"), explain_averaging(evaluation), evaluation.averaging),
        (Text(ko="반올림", en="Rounding"), explain_rounding(evaluation), evaluation.rounding),
        (Text(ko="동점", en="Ties"), explain_ties(evaluation), evaluation.ties),
    ]
    for cutoff in evaluation.cutoffs:
        of = evaluation.stage(cutoff.stage).name if cutoff.stage else Text(ko="최종", en="final")
        lines.append(
            (
                Text(ko="최저 점수", en="Cut-off"),
                Text(
                    ko=f"{of.ko} {cutoff.points}점 미만은 선정하지 않습니다.",
                    en=f"Below {cutoff.points} points ({of.en}) is not selected.",
                ),
                cutoff,
            )
        )
    if evaluation.bonus is not None:
        items = join(evaluation.bonus.items)
        lines.append(
            (
                Text(ko="가점", en="Bonus"),
                Text(
                    ko=f"최대 {evaluation.bonus.max_points}점" + (f": {items.ko}" if items else ""),
                    en=f"up to {evaluation.bonus.max_points} points" + (f": {items.en}" if items else ""),
                ),
                evaluation.bonus,
            )
        )
    following = Text(
        ko=", 협상이 이루어지지 않으면 다음 순위", en="; the next in rank follows a failed negotiation"
    )
    lines.append(
        (
            Text(ko="선정", en="Selection"),
            Text(
                ko=f"상위 {call.selection.count}곳" + (following.ko if call.selection.next_in_rank else ""),
                en=f"the best {call.selection.count}" + (following.en if call.selection.next_in_rank else ""),
            ),
            call.selection,
        )
    )
    return tuple(lines)


def explain_allocation(call: Definition) -> Text | None:
    """How money is handed out by result, None where the call does not say."""
    plan = call.allocation
    if plan is None:
        return None
    source, pot = source_name(call, plan.source), amount(plan.pot)
    method = {
        "equal": Text(ko="똑같이", en="equally"),
        "by_score": Text(ko="최종 점수에 비례해", en="in proportion to the final score"),
        "by_rank": Text(ko="순위별 가중치에 따라", en="by the weights of the ranks"),
    }[plan.method]
    year = Text(ko=f"{plan.year}년 ", en=f" for {plan.year}") if plan.year is not None else None
    ko = f"{year.ko if year else ''}{source.ko} {pot.ko}을 {method.ko} 나눕니다."
    en = f"{pot.en} of {source.en}{year.en if year else ''} are handed out {method.en}."
    if plan.floor:
        ko, en = f"{ko} 한 곳에 {amount(plan.floor).ko} 이상.", f"{en} Each at least {amount(plan.floor).en}."
    if plan.ceiling is not None:
        ko, en = (
            f"{ko} 한 곳에 {amount(plan.ceiling).ko} 이하.",
            f"{en} Each at most {amount(plan.ceiling).en}.",
        )
    if plan.not_above_request:
        ko, en = f"{ko} 신청한 금액을 넘지 않습니다.", f"{en} Never above what was asked."
    return Text(ko=ko, en=en)
