"""A score sheet as its page shows it: the papers that may be read, the sheet's rows with their fields' revisions, what is missing, the own spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from gongmo.applications.queries import submitted_value
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Kpi
from gongmo.definition.base import Text
from gongmo.definition.evaluation import CriteriaGroup, Criterion
from gongmo.definition.model import Definition
from gongmo.evaluation.commands.sheets import Gap, gaps
from gongmo.evaluation.desk_blind import Veil, veil_of, veiled_preview
from gongmo.evaluation.models import Score, ScoreSheet
from gongmo.evaluation.queries.desk_scores import OwnScores
from gongmo.evaluation.states import StageState
from gongmo.files.models import StoredFile
from gongmo.files.showing import preview
from gongmo.kernel.numbers import Kind, token
from gongmo.rules.form import asked, told_answers
from gongmo.rules.ranking.exact import text
from gongmo.screening.items import item_name, supplemented
from gongmo.screening.judgement import accepted_items
from gongmo.screening.models import ItemKind

WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Paper:
    """Something to read: a document ("d12"), what a supplement put in its place ("s7"), or the written answers ("written")."""

    key: str
    name: Text
    whose: str
    file: StoredFile | None
    file_name: str
    url: str
    document: int | None = None
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything to read of one application, those for all first; the one that is open; the written answers by criterion that look for them."""

    items: tuple[Paper, ...]
    chosen: Paper | None
    shown: Mapping[str, Any] | None
    answers: tuple[tuple[str, Text, Text], ...]
    """(anchor, question, answer)."""
    looks: Mapping[str, tuple[tuple[str, Text], ...]]
    """By criterion: the questions whose answers it looks for, as (anchor, name)."""
    kpis: tuple[Kpi, ...]


def papers_of(found: ScoreSheet, veil: Veil | None, wanted: str) -> Papers:
    """The papers of a sheet's application. Documents that an accepted supplement replaced are left out, its own ones told beside.

    Without a wish the longest of those for all is opened: it is the one that the score rests on.
    """
    definition = definition_of(found.run.version)
    completed = accepted_items(found.application)
    mended = [item for item in completed if item.kind == ItemKind.DOCUMENT and item.file is not None]
    replaced = {(item.place, item.organisation_id) for item in mended}
    kinds = {document.id: document for document in definition.documents}
    hidden = veil.blind.documents if veil is not None else ()
    items: list[Paper] = []
    for each in found.application.documents.all():
        if (
            each.kind in hidden
            or (each.kind, each.member.organisation_id if each.member else None) in replaced
        ):
            continue
        kind = kinds.get(each.kind)
        items.append(
            Paper(
                f"d{token(each.pk, Kind.DOCUMENT)}",
                kind.name if kind is not None else Text(ko=each.kind, en=each.kind),
                _whose(each.member.organisation.name if each.member else "", veil),
                each.file,
                each.name,
                reverse("evaluation:document", args=[found.pk, each.pk]),
                document=each.pk,
            )
        )
    order = {document.id: document.number for document in definition.documents}
    by_key = {
        f"d{token(each.pk, Kind.DOCUMENT)}": order.get(each.kind, 0)
        for each in found.application.documents.all()
    }
    items.sort(key=lambda paper: (bool(paper.whose), by_key[paper.key], paper.document or 0))
    items += [
        Paper(
            f"s{token(item.pk, Kind.ITEM)}",
            item_name(definition, item) if veil is None else _kind_name(definition, item.place),
            "",
            item.file,
            item.file_name,
            reverse("evaluation:supplement", args=[found.pk, item.pk]),
            mended=True,
        )
        for item in mended
        if item.place not in hidden
    ]
    value = supplemented(submitted_value(found.application), completed)
    answers = _answers(definition, value.fields, value.answers or {}, veil)
    if answers or value.kpis:
        items.append(
            Paper(WRITTEN, Text(ko="화면에 적은 내용", en="What was written on the pages"), "", None, "", "")
        )
    chosen = _chosen(items, wanted)
    anchors = {place: anchor for place, anchor, _, _ in answers}
    return Papers(
        tuple(items),
        chosen,
        _shown(chosen, veil),
        tuple((anchor, question, answer) for _, anchor, question, answer in answers),
        _looks(definition, value.fields, anchors),
        value.kpis or (),
    )


def _whose(name: str, veil: Veil | None) -> str:
    return name if veil is None or not name else "○○○"


def _kind_name(definition: Definition, place: str) -> Text:
    return next((one.name for one in definition.documents if one.id == place), Text(ko=place, en=place))


def _answers(
    definition: Definition, fields: Any, answers: Mapping[str, str], veil: Veil | None
) -> list[tuple[str, str, Text, Text]]:
    """(place, anchor, question, answer) of every question asked, hidden ones left out, names in the others masked."""
    items = asked(definition, fields)
    found = []
    for number, (item, (question, answer)) in enumerate(
        zip(items, told_answers(definition, fields, answers), strict=True), 1
    ):
        if veil is not None:
            if veil.hides_answer(definition, item.places[0]):
                continue
            answer = Text(ko=veil.masked(answer.ko), en=veil.masked(answer.en))
        found.append((item.place, f"answer-{number}", question, answer))
    return found


def _looks(
    definition: Definition, fields: Any, anchors: Mapping[str, str]
) -> dict[str, tuple[tuple[str, Text], ...]]:
    found: dict[str, list[tuple[str, Text]]] = {}
    for item in asked(definition, fields):
        for criterion in item.question.criteria:
            if item.place in anchors:
                found.setdefault(criterion, []).append((anchors[item.place], item.name))
    return {criterion: tuple(rows) for criterion, rows in found.items()}


def _chosen(items: list[Paper], wanted: str) -> Paper | None:
    for paper in items:
        if paper.key == wanted:
            return paper
    shared = [each for each in items if each.file is not None and not each.whose]
    pages = [
        each
        for each in shared or items
        if each.file is not None and each.file.extension in ("pdf", "jpg", "png")
    ]
    first = max(pages, key=lambda each: each.file.size if each.file else 0, default=None)
    return first or (items[0] if items else None)


def _shown(chosen: Paper | None, veil: Veil | None) -> Mapping[str, Any] | None:
    if chosen is None or chosen.file is None:
        return None
    shown = preview(chosen.file, chosen.file_name, chosen.url)
    return shown if veil is None else veiled_preview(shown, veil, shown_name(chosen, veil))


def shown_name(paper: Paper, veil: Veil | None) -> str:
    """The name under which a paper's file is sent: its own, in a blind stage that of its kind."""
    if veil is None or paper.file is None:
        return paper.file_name
    return f"{paper.name.ko}.{paper.file.extension}"


def sheet_context(found: ScoreSheet, veil: Veil | None, own: OwnScores) -> dict[str, Any]:
    """The sheet's own part of the page."""
    evaluation = definition_of(found.run.version).evaluation
    stage = evaluation.stage(found.run.stage)
    criteria = evaluation.criteria_of(stage)
    held = {score.criterion: score for score in found.scores.all()}
    given = [score.points for score in held.values() if score.points is not None]
    mine = next((each for each in own.sheets if each.sheet.pk == found.pk), None)
    return {
        "sheet": found,
        "application": found.application,
        "call": found.run.call,
        "stage": stage,
        "veil": veil,
        "title": veil.title
        if veil is not None
        else Text(ko=found.application.title or "–", en=found.application.title or "–"),
        "groups": _groups(evaluation.criteria, {criterion.id for criterion in criteria}),
        "held": held,
        "points_text": {name: text(score.points) for name, score in held.items() if score.points is not None},
        "total": text(sum(given, Decimal(0))) if given else None,
        "missing": len(criteria) - len(given),
        "maximum": text(sum((c.max_points for c in criteria), Decimal(0))),
        "step": text(evaluation.point_step.step),
        "requires": evaluation.desk.requires if evaluation.desk is not None else (),
        "open": found.state == "open" and found.run.state == StageState.OPEN,
        "rank": mine.rank if mine is not None else None,
        "own": own,
        "counted": sum(each.total is not None for each in own.sheets),
    }


def _groups(
    groups: tuple[CriteriaGroup, ...], wanted: set[str]
) -> list[tuple[CriteriaGroup, list[Criterion]]]:
    rows = [
        (group, [criterion for criterion in group.criteria if criterion.id in wanted]) for group in groups
    ]
    return [(group, criteria) for group, criteria in rows if criteria]


def gaps_of(found: ScoreSheet) -> list[Gap]:
    """What the sheet lacks before it can be locked."""
    held: dict[str, Score] = {score.criterion: score for score in found.scores.all()}
    return gaps(definition_of(found.run.version).evaluation, found.run.stage, held, found.overall_opinion)


def veil_for(found: ScoreSheet) -> Veil | None:
    """What hides the sheet's application, where the stage is blind."""
    return veil_of(found.run, found.application)
