"""The ranking as a document: what it rests on, the rules with their clauses, the order, ties, and every score's way.

Its words are fixed with the ranking (canonical JSON, format gongmo/paper/1) and their hash goes into the record; a PDF or HWPX made
years later is made from those words, whatever the software says by then.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.definition.base import Based
from gongmo.definition.model import Definition
from gongmo.evaluation.inputs import Inputs, definition_by_hash
from gongmo.evaluation.models import Objection
from gongmo.evaluation.pictures import FAMILIES, WayStage, finely, settings_of, way_of
from gongmo.kernel.korean import stamp
from gongmo.papers import Block, Column, Facts, Heading, Items, Note, Paper, Paragraph, Table
from gongmo.rules.ranking import Entry, Ranking, Standing
from gongmo.rules.ranking.exact import text

TITLE = "최종 순위"
Titles = Mapping[str, tuple[str, str]]
"""Title and lead of each application."""


def ranking_paper(
    call: Call,
    inputs: Inputs,
    ranking: Ranking,
    *,
    number: int,
    at: datetime,
    rescored: Sequence[Objection] = (),
) -> Paper:
    """The document of a ranking at the instant of its fixing. Two statements at most, however many applications there are."""
    definition = definition_by_hash(inputs.definition)
    rows = Application.objects.filter(call=call).values_list("pk", "title", "lead__name")
    titles = {str(pk): (title, lead) for pk, title, lead in rows}
    return Paper(
        title=f"{TITLE} (제{number}판)" if number > 1 else TITLE,
        subtitle=definition.title.ko,
        at=at,
        running=call.title_ko,
        number=f"제{number}판",
        author=call.operator.name,
        blocks=(
            Facts(
                (
                    ("공고", definition.title.ko),
                    ("운영기관", call.operator.name),
                    ("확정한 때", stamp(at, seconds=True)),
                    ("공고 판과 해시", f"제{inputs.version}판 · {inputs.definition}"),
                    ("입력 해시", ranking.input_hash),
                    *_again(rescored, titles),
                )
            ),
            Heading("점수가 순위가 되는 방법"),
            Table(
                (Column("정한 것", "head", 3), Column("내용", "text", 5), Column("근거", "text", 2)),
                tuple((what, how.ko, ground) for what, how, ground, _ in settings_of(definition.evaluation)),
            ),
            *_selected_by(definition),
            Heading("순위"),
            _order(definition, ranking, titles),
            *_line(ranking),
            *_ties(ranking, inputs, titles),
            *_notes(ranking),
            Heading("점수가 나온 길"),
            Paragraph(
                "평가항목마다 위원이 준 점수, 단계 점수, 가중치, 최종 점수의 순서로 적었습니다. 위원은 이름 대신 부호로 적습니다."
            ),
            *(
                block
                for entry in ranking.entries
                if entry.stages
                for block in _way(definition, entry, titles)
            ),
        ),
    )


def _again(rescored: Sequence[Objection], titles: Titles) -> tuple[tuple[str, str], ...]:
    if not rescored:
        return ()
    names = ", ".join(titles[str(each.application_id)][0] for each in rescored)
    return (("다시 평가한 신청", f"{names} (이의신청을 받아들임. 앞선 판의 순위를 이 판이 대신합니다.)"),)


def _selected_by(definition: Definition) -> tuple[Block, ...]:
    ground = _ground(definition.selection)
    return (Paragraph(f"점수가 높은 {definition.selection.count}건을 선정합니다. ({ground})"),)


def _ground(based: Based) -> str:
    return based.clause or "기본값"


def _order(definition: Definition, ranking: Ranking, titles: Titles) -> Table:
    stages = definition.evaluation.scored_stages()
    bonus = definition.evaluation.bonus is not None
    rows = []
    for entry in ranking.entries:
        by_stage = {score.stage: finely(definition.evaluation, score.weighted) for score in entry.stages}
        title, lead = titles[entry.application]
        rows.append(
            (
                "" if entry.rank is None else str(entry.rank),
                f"{title} ({lead})",
                *(by_stage.get(stage.id, "") for stage in stages),
                *((text(entry.bonus_counted),) if bonus else ()),
                "" if entry.final is None else str(entry.final),
                FAMILIES[entry.standing][1].ko,
            )
        )
    return Table(
        (
            Column("순위", "center"),
            Column("신청 (주관기관)", "head", 6),
            *(Column(f"{stage.name.ko} {text(stage.weight)}", "number") for stage in stages),
            *((Column("가점", "number"),) if bonus else ()),
            Column("최종", "number"),
            Column("결과", "center"),
        ),
        tuple(rows),
    )


def _line(ranking: Ranking) -> tuple[Block, ...]:
    line = ranking.cut_line
    told = []
    if line.last_above is not None and line.first_below is not None and line.gap is not None:
        told.append(
            f"선정선: {line.places}번째 {line.last_above}점, 그다음 {line.first_below}점, 차이 {text(line.gap)}점."
        )
    reserve = sum(entry.standing is Standing.RESERVE for entry in ranking.entries)
    told.append(
        f"예비순위는 {reserve}건이고, 협상이 이루어지지 않으면 순위대로 협상합니다."
        if reserve
        else "예비순위가 없습니다."
    )
    return tuple(Paragraph(each) for each in told)


def _ties(ranking: Ranking, inputs: Inputs, titles: Titles) -> tuple[Block, ...]:
    if not ranking.ties:
        return (Paragraph("점수가 같은 신청이 없습니다."),)
    said = []
    for tie in ranking.ties:
        names = ", ".join(titles[name][0] for name in tie.applications)
        said.append(
            f"{tie.score}점: {names}. {tie.decided_by.ko if tie.decided_by else '순서를 정하지 않았습니다.'}"
        )
    return (Heading("동점"), Items(tuple(said)))


def _notes(ranking: Ranking) -> tuple[Block, ...]:
    return tuple(Note(note.ko) for note in ranking.notes)


def _way(definition: Definition, entry: Entry, titles: Titles) -> tuple[Block, ...]:
    title, lead = titles[entry.application]
    place = "" if entry.rank is None else f"{entry.rank}위 "
    blocks: list[Block] = [Heading(f"{place}{title} ({lead})", 2)]
    for score in entry.stages:
        stage = way_of(definition, score)
        blocks += [
            _points(stage),
            Paragraph(f"{stage.method.ko} {stage.mean} × {stage.weight} % = {stage.weighted}"),
        ]
    if entry.exact is not None:
        bonus = f" + 가점 {text(entry.bonus_counted)}" if entry.bonus_counted else ""
        blocks.append(
            Paragraph(f"단계 점수의 합{bonus} = {finely(definition.evaluation, entry.exact)} → {entry.final}")
        )
    if entry.decided_by is not None:
        blocks.append(Paragraph(entry.decided_by.ko))
    return tuple(blocks)


def _points(stage: WayStage) -> Table:
    dropped = {"highest": " (최고, 뺌)", "lowest": " (최저, 뺌)"}
    return Table(
        (
            Column("평가항목", "head", 6),
            Column("배점", "number"),
            *(Column(evaluator, "number") for evaluator in stage.evaluators),
        ),
        tuple((f"{id_} {name.ko}", maximum, *points) for id_, name, maximum, points in stage.criteria),
        caption=stage.name.ko,
        foot=(("합계", "", *(f"{total}{dropped.get(out, '')}" for total, out in stage.totals)),),
    )


_BLOCKS: dict[str, type[Any]] = {
    each.__name__.lower(): each for each in (Facts, Heading, Items, Note, Paragraph, Table)
}


def read_paper(words: str, at: datetime) -> Paper:
    """The paper from its kept words. Raises ValueError or KeyError for anything but the words of a ranking document."""
    given = json.loads(words)
    if given.pop("format", "") != "gongmo/paper/1":
        raise ValueError("not the words of a paper")
    blocks = [_block(each) for each in given.pop("blocks")]
    return Paper(**{name: _frozen(value) for name, value in given.items()}, at=at, blocks=tuple(blocks))


def _block(told: dict[str, Any]) -> Block:
    kind = _BLOCKS[told.pop("block")]
    columns = told.get("columns")
    if isinstance(columns, list):
        told["columns"] = [Column(**column) for column in columns]
    made: Block = kind(**{name: _frozen(value) for name, value in told.items()})
    return made


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
