"""What an applicant sees of the own evaluation once the officer has told it (programme clause A-13), and objections to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.definition.model import Definition
from gongmo.definition.results import times_to_object
from gongmo.evaluation import policies
from gongmo.evaluation.inputs import Inputs, definition_by_hash, parse
from gongmo.evaluation.models import (
    Committee,
    Objection,
    ObjectionFile,
    Ranking,
    ResultNotice,
    ScoreSheet,
    StageRun,
)
from gongmo.evaluation.states import SheetState, StageState
from gongmo.evaluation.voiding import counts_in
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.rules.ranking import Standing


@dataclass(frozen=True, slots=True)
class Result:
    """An applicant's own result. `standing` is "selected", "reserve" (only where the definition tells reserves) or "not_selected".

    `opinions` come without their authors; `final` is None unless the definition discloses it, `place` unless it tells reserves (1: the
    first of them). `evaluators` are names where the definition hides nobody, in alphabetical order.
    """

    told_at: datetime
    number: int
    standing: str
    place: int | None = None
    opinions: tuple[str, ...] = ()
    final: Decimal | None = None
    evaluators: tuple[str, ...] = ()
    objections_until: datetime | None = None
    objections_left: int = 0

    @property
    def may_object(self) -> bool:
        return (
            self.objections_left > 0
            and self.objections_until is not None
            and clock.now() < self.objections_until
        )


def own_application(actor: Actor, application_id: int) -> Application:
    """The application with its call, version and lead, for its own consortium (policy evaluation.see_result). Raises NotFound."""
    found = Application.objects.select_related("call__version", "lead").filter(pk=application_id).first()
    if found is None or not policies.see_result(actor, found):
        raise NotFound
    return found


def own_result(actor: Actor, application: Application) -> Result | None:
    """The newest result that the consortium was told; None before, and for an application that was not evaluated.

    The same number of statements whatever the result is. Raises NotFound for everyone outside the consortium.
    """
    if not policies.see_result(actor, application):
        raise NotFound
    notice = _newest(application)
    if notice is None:
        return None
    inputs = parse(notice.ranking.inputs)
    if str(application.pk) not in inputs.applications:
        return None
    definition = definition_by_hash(inputs.definition)
    standing, place, final = _standing(definition, inputs, application)
    sheets = list(_counted(notice.ranking, application))
    filed = Objection.objects.filter(application=application).values_list("ranking_id", flat=True)
    here = list(filed)
    left = 0 if notice.ranking_id in here else max(0, times_to_object(definition) - len(here))
    allowed = definition.disclosure.applicant_sees
    return Result(
        told_at=notice.told_at,
        number=notice.ranking.number,
        standing=standing,
        place=place,
        # Sorted by their words: the order of the seats would tell who wrote what.
        opinions=()
        if allowed == "selection_only"
        else tuple(sorted(sheet.overall_opinion for sheet in sheets if sheet.overall_opinion)),
        final=final if allowed == "scores" else None,
        evaluators=tuple(sorted({sheet.seat.evaluator.person.display_name for sheet in sheets}))
        if definition.disclosure.blind == "none"
        else (),
        objections_until=notice.objections_until,
        objections_left=left,
    )


def _newest(application: Application) -> ResultNotice | None:
    return (
        ResultNotice.objects.filter(ranking__call=application.call_id)
        .select_related("ranking")
        .order_by("-ranking__number")
        .first()
    )


def _standing(
    definition: Definition, inputs: Inputs, application: Application
) -> tuple[str, int | None, Decimal | None]:
    ranking = inputs.rank(definition)
    name = str(application.pk)
    entry = ranking.entry(name)
    if entry.standing is Standing.SELECTED:
        return "selected", None, entry.final
    if entry.standing is Standing.RESERVE and definition.disclosure.reserve_told:
        return "reserve", ranking.reserve.index(name) + 1, entry.final
    return "not_selected", None, entry.final


def _counted(ranking: Ranking, application: Application) -> QuerySet[ScoreSheet]:
    """The sheets from which the application was ranked: of a re-evaluation the later ones only."""
    counted = ScoreSheet.objects.filter(
        counts_in(ranking), application=application, run__state=StageState.LOCKED, state=SheetState.LOCKED
    )
    last: dict[str, int] = {}
    for stage, number in counted.values_list("run__stage", "run__round").distinct():
        last[stage] = max(number, last.get(stage, 0))
    wanted = Q(pk__in=[])
    for stage, number in last.items():
        wanted |= Q(run__stage=stage, run__round=number)
    found = counted.filter(wanted)
    return found.select_related("seat__evaluator__person")


def _with_files(found: QuerySet[Objection]) -> QuerySet[Objection]:
    files: QuerySet[ObjectionFile] = ObjectionFile.objects.select_related("file").order_by("id")
    return found.select_related("ranking__call", "application__lead").prefetch_related(
        Prefetch("files", queryset=files)
    )


def own_objections(actor: Actor, application: Application) -> list[Objection]:
    """The consortium's own objections with their answers, newest first. Raises NotFound for others."""
    if not policies.see_result(actor, application):
        raise NotFound
    return list(_with_files(Objection.objects.filter(application=application)).order_by("-id"))


def objections_of(actor: Actor, call: Call) -> list[Objection]:
    """The objections of a call with their files and re-evaluations, for those who oversee it. Raises NotFound for others."""
    if not policies.oversee(actor, call):
        raise NotFound
    runs = StageRun.objects.select_related("committee__dissolution", "version").order_by("id")
    return list(
        _with_files(Objection.objects.filter(ranking__call=call))
        .prefetch_related(Prefetch("stage_runs", queryset=runs))
        .order_by("id")
    )


def objection_file(actor: Actor, pk: int) -> ObjectionFile:
    """A file of an objection: for the consortium that handed it in, and those who oversee the call. Raises NotFound."""
    found = (
        ObjectionFile.objects.select_related("file", "objection__application__call", "objection__ranking")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    application = found.objection.application
    if not policies.oversee(actor, application.call) and not policies.see_result(actor, application):
        raise NotFound
    return found


def panels_for(call: Call, objections: Iterable[Objection]) -> list[Committee]:
    """The committees that may score an upheld objection anew: those formed since the earliest ranking that is objected to, which have
    scored no stage of the evaluation itself."""
    fixed = [each.ranking.fixed_at for each in objections]
    if not fixed:
        return []
    formed = Committee.objects.filter(call=call, dissolution=None, formed_at__gte=min(fixed))
    return list(formed.exclude(stage_runs__round=1).order_by("id"))
