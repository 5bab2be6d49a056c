"""Checks that the settings of a definition do not contradict each other, so that none is silently without effect."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from gongmo.definition.base import Wrong
from gongmo.definition.papers import Template
from gongmo.definition.rules import (
    AmountCeiling,
    AmountFloor,
    BudgetAxes,
    InKindCap,
    ShareCeiling,
    ShareFloor,
)

if TYPE_CHECKING:
    from gongmo.definition.model import Definition

Loc = tuple[str | int, ...]
FOR_ALL = (Template.APPLICATION_FORM, Template.CONSORTIUM_AGREEMENT)
"""Contents that are written once for the whole application; the others once for each organisation."""
OWN_NAMES = (
    "names",
    "intake",
    "budget_given",
    "budget_axes",
    "document_names",
    "loose_names",
    "answers",
    "kpis",
)
"""Names under which the rules tell what no rule of the definition asks for."""


def contradictions(call: "Definition") -> list[Wrong]:
    """What contradicts itself in a definition whose names all fit."""
    return [
        *_finding_names(call),
        *_committee(call),
        *_stages(call),
        *_scoring(call),
        *_money(call),
        *_days(call),
        *_papers(call),
    ]


def _finding_names(call: "Definition") -> Iterator[Wrong]:
    """Findings are told by the id of a rule, a document, a channel or a question: no two may share one."""
    taken = dict.fromkeys(OWN_NAMES, "")
    lists = (
        (("rules",), call.rules),
        (("documents",), call.documents),
        (("intake", "channels"), call.intake.channels),
        *(
            (("form", "sections", number, "questions"), section.questions)
            for number, section in enumerate(call.form.sections if call.form is not None else ())
        ),
    )
    for loc, items in lists:
        for number, item in enumerate(items):
            own = item.id == "budget_axes" and isinstance(item, BudgetAxes)
            if item.id in taken and not own:
                yield Wrong(
                    (*loc, number, "id"),
                    f"‘{item.id}’은(는) 다른 규칙·서류·접수 경로·질문이 쓰거나 프로그램이 쓰는 이름입니다. 다른 이름을 써 주세요.",
                    f"“{item.id}” already names another rule, document, channel or question, or is used by the program. Choose another.",
                )
            taken[item.id] = item.id


def _committee(call: "Definition") -> Iterator[Wrong]:
    committee = call.evaluation.committee
    loc: Loc = ("evaluation", "committee")
    if committee.quorum > committee.size:
        yield Wrong(
            (*loc, "quorum"),
            f"정족수 {committee.quorum}명이 위원 수 {committee.size}명보다 많습니다.",
            f"The quorum of {committee.quorum} is above the committee's size of {committee.size}.",
        )
    least = committee.at_least_per_sector * len(committee.sectors)
    if least > committee.size:
        yield Wrong(
            (*loc, "at_least_per_sector"),
            f"계열마다 두어야 하는 위원을 더하면 {least}명으로 위원 수 {committee.size}명보다 많습니다.",
            f"The sectors need {least} members in all, more than the committee's {committee.size}.",
        )
    yield from _forming(call)


def _forming(call: "Definition") -> Iterator[Wrong]:
    forming, committee = call.evaluation.forming, call.evaluation.committee
    if forming is None:
        return
    loc: Loc = ("evaluation", "forming")
    most = forming.at_most_per_sector
    if most is not None and (
        most < committee.at_least_per_sector or most * len(committee.sectors) < committee.size
    ):
        yield Wrong(
            (*loc, "at_most_per_sector"),
            f"계열마다 {most}명까지로는 위원 {committee.size}명이나 계열별 최소 인원을 채울 수 없습니다.",
            f"With at most {most} of each sector neither {committee.size} members nor the least of each sector can be met.",
        )
    if (forming.assignment == "per_application") != (forming.judges is not None):
        yield Wrong(
            (*loc, "judges"),
            "assignment가 per_application일 때만, 그리고 반드시, judges를 적어 주세요.",
            "judges belongs to the assignment per_application, and it needs it.",
        )
    if forming.judges is not None and forming.judges < committee.quorum:
        yield Wrong(
            (*loc, "judges"),
            f"신청마다 {forming.judges}명으로는 정족수 {committee.quorum}명에 모자랍니다.",
            f"{forming.judges} judges an application do not reach the quorum of {committee.quorum}.",
        )
    if forming.most_applications is not None and forming.assignment == "committee":
        yield Wrong(
            (*loc, "most_applications"),
            "most_applications는 assignment가 per_application일 때만 적어 주세요.",
            "most_applications belongs to the assignment per_application.",
        )


def _stages(call: "Definition") -> Iterator[Wrong]:
    scored = [stage.id for stage in call.evaluation.scored_stages()]
    for number, stage in enumerate(call.evaluation.stages):
        loc: Loc = ("evaluation", "stages", number)
        criteria = stage.criteria or ()
        if len(set(criteria)) < len(criteria):
            yield Wrong(
                (*loc, "criteria"),
                "같은 평가항목이 두 번 나옵니다. 하나만 남겨 주세요.",
                "A criterion stands twice. Keep one.",
            )
        if stage.advance is None:
            continue
        if not stage.scored:
            yield Wrong(
                (*loc, "advance"),
                "점수를 매기지 않는 단계에는 advance를 둘 수 없습니다.",
                "A stage without scores cannot have advance.",
            )
        elif stage.id == scored[-1]:
            yield Wrong(
                (*loc, "advance"),
                "마지막 평가 단계에는 advance를 둘 수 없습니다. 선정 수는 selection.count에 적어 주세요.",
                "The last scored stage cannot have advance. Say in selection.count how many are selected.",
            )


def _scoring(call: "Definition") -> Iterator[Wrong]:
    evaluation = call.evaluation
    averaging = evaluation.averaging
    trims = averaging.highest + averaging.lowest > 0
    if trims != (averaging.method == "trimmed_mean"):
        yield Wrong(
            ("evaluation", "averaging"),
            "highest·lowest는 trimmed_mean에만, 그리고 둘을 더해 1 이상으로 적어 주세요.",
            "highest and lowest belong to trimmed_mean, and there together make at least 1.",
        )
    scored = [stage.id for stage in evaluation.scored_stages()]
    for place, name in enumerate(evaluation.ties.stages):
        if name not in scored:
            yield _unscored(("evaluation", "ties", "stages", place), name)
    for number, cutoff in enumerate(evaluation.cutoffs):
        loc: Loc = ("evaluation", "cutoffs", number)
        if cutoff.of == "final" and cutoff.stage is not None:
            yield Wrong(
                (*loc, "stage"),
                "stage를 적으려면 of를 stage로 적어 주세요. of: final은 최종 점수의 기준입니다.",
                "A cut-off with a stage has of: stage. The one of: final holds for the final score.",
            )
        elif cutoff.stage is not None and cutoff.stage not in scored:
            yield _unscored((*loc, "stage"), cutoff.stage)
        else:
            stages = [s for s in evaluation.scored_stages() if cutoff.stage in (None, s.id)]
            sums = [sum(c.max_points for c in evaluation.criteria_of(stage)) for stage in stages]
            most = 100 if cutoff.of == "final" else min(sums)
            if cutoff.points > most:
                yield Wrong(
                    (*loc, "points"),
                    f"기준 점수 {cutoff.points}점이 만점 {most}점보다 높아 아무도 넘을 수 없습니다.",
                    f"The cut-off of {cutoff.points} is above the full {most} points; nobody could pass.",
                )


def _unscored(loc: Loc, name: str) -> Wrong:
    return Wrong(
        loc,
        f"‘{name}’은(는) 점수를 매기지 않는 단계입니다. 점수를 매기는 단계를 적어 주세요.",
        f"“{name}” is a stage without scores. Name a scored one.",
    )


def _money(call: "Definition") -> Iterator[Wrong]:
    allocation, second = call.allocation, call.second_level
    if allocation is not None:
        if (allocation.method == "by_rank") != any(allocation.rank_weights):
            yield Wrong(
                ("allocation", "rank_weights"),
                "method가 by_rank일 때만, 그리고 반드시, 0보다 큰 rank_weights를 적어 주세요.",
                "rank_weights above 0 belong to the method by_rank, and it needs them.",
            )
        if second is not None and allocation.source in second.sources and allocation.pot > second.pot:
            yield Wrong(
                ("allocation", "pot"),
                f"나눌 돈 {allocation.pot:,}원이 상위 협약에서 받은 {second.pot:,}원보다 많습니다.",
                f"The pot of {allocation.pot:,} won is above the {second.pot:,} won of the parent agreement.",
            )
    for number, rule in enumerate(call.rules):
        if not isinstance(rule, ShareFloor | ShareCeiling | InKindCap | AmountCeiling | AmountFloor):
            continue
        if rule.per != "year":
            continue
        whole = rule.whole.years if isinstance(rule, ShareFloor | ShareCeiling) else None
        if rule.part.years is not None or whole is not None:
            yield Wrong(
                ("rules", number, "per"),
                "years를 적은 규칙은 해마다(per: year) 볼 수 없습니다. 연도마다 규칙을 하나씩 두고 per를 빼 주세요.",
                "A rule on certain years cannot be judged per year. Write one rule for each year, without per.",
            )


def _days(call: "Definition") -> Iterator[Wrong]:
    years = sorted(enumerate(call.budget.years), key=lambda item: item[1].starts)
    for (_, before), (number, after) in pairwise(years):
        if after.starts <= before.ends:
            yield Wrong(
                ("budget", "years", number, "starts"),
                f"{after.year}년의 기간이 {before.year}년의 기간과 겹칩니다. 날짜를 확인해 주세요.",
                f"The spans of {before.year} and {after.year} overlap. Check the dates.",
            )
    if len(set(call.budget.forms)) < len(call.budget.forms):
        yield Wrong(("budget", "forms"), "같은 형태가 두 번 나옵니다.", "A form stands twice.")


def _papers(call: "Definition") -> Iterator[Wrong]:
    for number, document in enumerate(call.documents):
        loc: Loc = ("documents", number)
        if document.generated != (document.paper is not None):
            yield Wrong(
                (*loc, "paper"),
                "generated가 true인 서류에만, 그리고 반드시, paper에 내용을 적어 주세요.",
                "A generated document needs paper, and only such a document has it.",
            )
        elif document.paper is not None and (document.paper.template in FOR_ALL) != (
            document.per == "application"
        ):
            yield Wrong(
                (*loc, "per"),
                "신청서와 컨소시엄 협약서는 신청마다(application), 나머지 서식은 기관마다(organisation) 하나입니다.",
                "An application form and an agreement are written once an application, the others once an organisation.",
            )
