"""The ranking itself: stage by stage, then the final order, the cut line and the reserve list."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from gongmo.definition.base import Text
from gongmo.definition.evaluation import Evaluation, Stage
from gongmo.definition.model import Definition
from gongmo.kernel.canonical import digest, plain
from gongmo.kernel.korean import particle
from gongmo.rules.ranking import exact
from gongmo.rules.ranking.admit import (
    BadScores,
    Panel,
    ScoreProblem,
    Sheets,
    bad_bonus,
    bad_seats,
    collect,
    incomplete,
    problem,
)
from gongmo.rules.ranking.stage import method_for, stage_score
from gongmo.rules.ranking.ties import Order, order
from gongmo.rules.ranking.values import (
    BonusPoints,
    CutLine,
    CutoffSeen,
    Entry,
    Outcome,
    Ranking,
    Score,
    Seat,
    StageScore,
    Standing,
    Tie,
    TieDecision,
)


def rank(
    definition: Definition,
    scores: Iterable[Score],
    *,
    panel: Iterable[Seat] | None = None,
    bonus: Iterable[BonusPoints] | Mapping[str, Decimal] = (),
    withdrawn: Collection[str] = (),
    tie_decisions: Sequence[TieDecision] = (),
    applications: Collection[str] | None = None,
    through: str | None = None,
) -> Ranking:
    """Rank applications by the definition's evaluation, exactly.

    `applications`: all that are evaluated; without it those that `panel` names and, where it has seats for a whole stage (or
    there is no panel), those scored at the first stage.
    `panel`: who has to score what; without it every evaluator seen at a stage has to have scored every application there.
    `withdrawn`: are told, need no scores and get no rank. `tie_decisions`: recorded decisions of the committee.
    `through`: the id of the last stage to rank (who goes on from it); None: the whole evaluation.

    Raises BadScores with every unusable row: nothing is ranked on input that is incomplete or doubtful. KeyError when
    `through` is no scored stage.
    """
    given = list(scores)
    seats = None if panel is None else list(panel)
    points = (
        [BonusPoints(name, value) for name, value in bonus.items()]
        if isinstance(bonus, Mapping)
        else list(bonus)
    )
    return _Ranker(
        definition, given, seats, points, frozenset(withdrawn), tuple(tie_decisions), applications, through
    ).run()


class _Ranker:
    """One ranking in the making. Lives for one call of `rank`."""

    def __init__(
        self,
        definition: Definition,
        scores: list[Score],
        seats: list[Seat] | None,
        bonus: list[BonusPoints],
        withdrawn: frozenset[str],
        decisions: tuple[TieDecision, ...],
        applications: Collection[str] | None,
        through: str | None,
    ) -> None:
        self.definition = definition
        self.evaluation: Evaluation = definition.evaluation
        self.stages = _stages(self.evaluation, through)
        self.through = through
        self.scores, self.seats, self.bonus = scores, seats, bonus
        self.withdrawn, self.decisions = withdrawn, decisions
        self.given_applications = applications
        self.panel = Panel(seats)
        self.problems: list[ScoreProblem] = []
        self.scored: dict[str, list[StageScore]] = {}
        self.out: dict[str, Standing] = {}
        self.bonus_of: dict[str, Decimal] = {}
        self.ties: list[Tie] = []
        self.used: set[TieDecision] = set()
        self.notes: list[Text] = []
        self.advance_open: tuple[str, ...] = ()
        self.advance_places = 0

    def run(self) -> Ranking:
        sheets = self._admit()
        last: Order | None = None
        for number, stage in enumerate(self.stages):
            if self.advance_open and not sheets[stage.id]:
                # The tie on who goes on is waiting for its decision, and nobody has been scored further.
                self.stages = self.stages[:number]
                self.through = self.stages[-1].id
                break
            self._score(stage, sheets[stage.id])
            if self.problems and self._narrows(stage):
                # Who stands in the next stage is not known; what is missing there cannot be told yet.
                break
            if stage.advance is not None and not self.problems and not self.advance_open:
                last = self._advance(stage, stage.advance)
        if self.problems:
            raise BadScores(self.problems)
        ranking = self._interim(last) if self.through is not None else self._final()
        self._check_decisions()
        if self.problems:
            raise BadScores(self.problems)
        return ranking

    def _narrows(self, stage: Stage) -> bool:
        """Whether some may fall out at the stage."""
        return stage.advance is not None or any(
            cutoff.of == "stage" and cutoff.stage in (None, stage.id) for cutoff in self.evaluation.cutoffs
        )

    def _admit(self) -> Sheets:
        """Every row looked at; the applications, their sheets and the last row of each sheet kept."""
        if self.seats is not None:
            self.problems += bad_seats(self.evaluation, self.seats)
        known: Collection[str] | None = self.given_applications
        if known is None:
            known = self.panel.applications
            if not known or any(seat.application is None for seat in self.seats or ()):
                first = self.evaluation.scored_stages()[0].id
                known = known | {score.application for score in self.scores if score.stage == first}
        allowed = set(known) | self.withdrawn
        sheets, self.rows, bad = collect(self.evaluation, self.scores, self.panel, allowed)
        self.problems += bad
        if not self.panel.given:
            for stage, by_application in sheets.items():
                for by_evaluator in by_application.values():
                    self.panel.learn(stage, by_evaluator)
        self.problems += bad_bonus(self.evaluation, self.bonus, allowed)
        if self.given_applications is None:
            self._tell_strangers()
        if not self.problems:
            for item in self.bonus:
                before = self.bonus_of.get(item.application, Decimal(0))
                self.bonus_of[item.application] = exact.add((before, item.points))
        self.alive = sorted(set(known) - self.withdrawn)
        self.optional: list[str] = []
        if not self.scores:
            self.problems.append(
                problem(
                    "no_scores",
                    None,
                    "점수가 한 줄도 없습니다. 점수를 넣어 주세요.",
                    "there are no scores at all; add them.",
                )
            )
        self.scored = {name: [] for name in self.alive}
        return sheets

    def _score(self, stage: Stage, sheets: Mapping[str, dict[str, dict[str, Decimal]]]) -> None:
        """Score the stage of everyone who stands in it, or note what is missing."""
        criteria = self.evaluation.criteria_of(stage)
        for name in sorted(set(sheets) - set(self.alive) - set(self.optional) - self.withdrawn):
            self.problems.append(
                problem(
                    "not_advanced",
                    min(
                        (row for (s, a, _), row in self.rows.items() if (s, a) == (stage.id, name)),
                        default=None,
                    ),
                    f"신청 {particle(name, '은', '는')} 앞 단계에서 {stage.id} 단계로 올라가지 않았는데 점수가 있습니다. 줄을 빼 주세요.",
                    f"application {name} did not go on to stage {stage.id} and yet has scores there; remove the rows.",
                )
            )
        complete: list[str] = []
        for name in [*self.alive, *self.optional]:
            if name in self.optional and name not in sheets:
                continue
            missing = incomplete(stage, criteria, name, self.panel, sheets.get(name, {}), self.rows)
            self.problems += missing
            if not missing:
                complete.append(name)
        if self.problems:
            return
        counts: set[int] = set()
        for name in complete:
            score = stage_score(self.evaluation, stage, criteria, sheets[name])
            self.scored[name].append(score)
            counts.add(len(score.sheets))
            if not all(cutoff.passed for cutoff in score.cutoffs):
                self.out.setdefault(name, Standing.BELOW_CUTOFF)
        self._tell_counts(stage, counts)
        fallen = [name for name in self.alive if self.out.get(name) is Standing.BELOW_CUTOFF]
        self.alive = [name for name in self.alive if name not in self.out]
        self.optional += fallen

    def _tell_strangers(self) -> None:
        """A withdrawn application that neither the scores nor the panel name may be a slip of the pen."""
        named = {score.application for score in self.scores} | self.panel.applications
        for name in sorted(self.withdrawn - named):
            self.notes.append(
                Text(
                    ko=f"철회한 신청 ‘{particle(name + '’', '은', '는')} 점수에도 위원 배정에도 없습니다. 이름을 확인해 주세요.",
                    en=f"The withdrawn application ‘{name}’ stands neither in the scores nor in the panel; check the name.",
                )
            )

    def _tell_counts(self, stage: Stage, counts: set[int]) -> None:
        quorum = self.evaluation.committee.quorum
        if counts and min(counts) < quorum:
            self.notes.append(
                Text(
                    ko=f"{stage.name.ko}: 평가위원이 {min(counts)}명뿐인 신청이 있습니다. 의결 정족수는 {quorum}명입니다.",
                    en=f"{stage.name.en}: some application was scored by {min(counts)} evaluator(s) only; the quorum is {quorum}.",
                )
            )
        averaging = self.evaluation.averaging
        if averaging.method == "trimmed_mean" and any(method_for(averaging, n) == "mean" for n in counts):
            self.notes.append(
                Text(
                    ko=f"{stage.name.ko}: 평가위원이 {averaging.minimum_evaluators}명보다 적은 신청은 최고·최저 점수를 빼지 않고 평균했습니다.",
                    en=f"{stage.name.en}: where there are too few evaluators, no extreme was dropped "
                    f"(trimming needs at least {averaging.minimum_evaluators}).",
                )
            )

    def _order(self, values: Mapping[str, Fraction], places: int, stage: str | None) -> Order:
        shown = {name: exact.rounded(value, self.evaluation.rounding) for name, value in values.items()}
        mine = [d for d in self.decisions if d.stage == stage and self.evaluation.ties.committee_decides]
        found = order(self.evaluation, values, shown, self.scored, places, mine, stage)
        self.ties += found.ties
        self.used |= found.used
        return found

    def _advance(self, stage: Stage, places: int) -> Order:
        """The best of this stage's own score go on; a tie on that line stays open until it is decided."""
        found = self._order({name: self.scored[name][-1].counted for name in self.alive}, places, stage.id)
        for name in found.below:
            self.out[name] = Standing.NOT_ADVANCED
        for name in found.on_line:
            self.out[name] = Standing.UNDECIDED
        self.alive = sorted(found.above)
        if found.on_line:
            self.optional += found.on_line
            self.advance_open = found.on_line
            self.advance_places = found.places_on_line
        return found

    def _bonus(self, name: str) -> tuple[Decimal, Decimal]:
        given = self.bonus_of.get(name, Decimal(0))
        most = self.evaluation.bonus.max_points if self.evaluation.bonus is not None else Decimal(0)
        return given, min(given, most)

    def _entry(self, name: str, found: Order | None, ranks: Mapping[str, int], standing: Standing) -> Entry:
        stages = tuple(self.scored.get(name, ()))
        given, counted = self._bonus(name)
        whole = self.through is None and len(stages) == len(self.stages)
        value = _value(stages, counted) if whole else None
        final = exact.rounded(value, self.evaluation.rounding) if value is not None else None
        return Entry(
            application=name,
            standing=standing,
            rank=ranks.get(name),
            stages=stages,
            bonus_given=given,
            bonus_counted=counted,
            exact=value,
            final=final,
            cutoffs=self._final_cutoffs(final),
            tied_with=_tied_with(name, found),
            decided_by=found.decided_by.get(name) if found is not None else None,
        )

    def _final_cutoffs(self, final: Decimal | None) -> tuple[CutoffSeen, ...]:
        if final is None:
            return ()
        return tuple(
            CutoffSeen(None, cutoff.points, Fraction(final), final >= cutoff.points)
            for cutoff in self.evaluation.cutoffs
            if cutoff.of == "final"
        )

    def _final(self) -> Ranking:
        finals: dict[str, Fraction] = {}
        for name in self.alive:
            final = exact.rounded(_value(self.scored[name], self._bonus(name)[1]), self.evaluation.rounding)
            if all(cutoff.passed for cutoff in self._final_cutoffs(final)):
                finals[name] = Fraction(final)
            else:
                self.out[name] = Standing.BELOW_CUTOFF
        found = self._order(finals, self.definition.selection.count, None)
        selected: tuple[str, ...] = ()
        reserve: tuple[str, ...] = ()
        if self.advance_open:
            # Who stands in the last stage is itself open: no one can be selected on it.
            outcome = Outcome.UNDECIDED
            undecided = tuple(sorted({*found.above, *found.on_line, *self.advance_open}))
            places = self.definition.selection.count
        else:
            outcome = (
                Outcome.UNDECIDED if found.on_line else Outcome.DECIDED if found.above else Outcome.NOBODY
            )
            selected, undecided, places = found.above, found.on_line, found.places_on_line
            reserve = found.below if self.definition.selection.next_in_rank else ()
        after = Standing.RESERVE if self.definition.selection.next_in_rank else Standing.NOT_SELECTED
        standings = dict.fromkeys(finals, Standing.UNDECIDED if self.advance_open else after)
        standings.update(dict.fromkeys(selected, Standing.SELECTED))
        standings.update(dict.fromkeys(undecided, Standing.UNDECIDED))
        return self._ranking(found, standings, outcome, selected, undecided, places, reserve, found.cut_line)

    def _interim(self, found: Order | None) -> Ranking:
        last = self.stages[-1]
        if found is None or last.advance is None:
            values = {name: _value(self.scored[name], Decimal(0)) for name in self.alive}
            found = self._order(values, len(values), last.id)
        standings = dict.fromkeys(found.above, Standing.ADVANCED)
        standings.update(dict.fromkeys(found.on_line, Standing.UNDECIDED))
        outcome = (
            Outcome.UNDECIDED if self.advance_open else Outcome.INTERIM if found.above else Outcome.NOBODY
        )
        return self._ranking(
            found, standings, outcome, (), self.advance_open, self.advance_places, (), found.cut_line
        )

    def _ranking(
        self,
        found: Order,
        standings: Mapping[str, Standing],
        outcome: Outcome,
        selected: tuple[str, ...],
        undecided: tuple[str, ...],
        places: int,
        reserve: tuple[str, ...],
        cut_line: CutLine,
    ) -> Ranking:
        ranks: dict[str, int] = {}
        for group in found.groups:
            ranks.update(dict.fromkeys(group, len(ranks) + 1))
        ranked = [name for group in found.groups for name in group]
        rest = sorted((set(self.scored) | self.withdrawn) - set(ranked))
        entries: list[Entry] = []
        for name in [*ranked, *rest]:
            standing = Standing.WITHDRAWN if name in self.withdrawn else standings.get(name) or self.out[name]
            entries.append(self._entry(name, found, ranks, standing))
        return Ranking(
            call=self.definition.id,
            version=self.definition.version,
            through=self.through,
            outcome=outcome,
            entries=tuple(entries),
            selected=selected,
            undecided=undecided,
            places_undecided=places,
            reserve=reserve,
            cut_line=cut_line,
            ties=tuple(self.ties),
            notes=tuple(self.notes),
            input_hash=self._hash(),
        )

    def _check_decisions(self) -> None:
        for decision in self.decisions:
            if decision not in self.used:
                names = ", ".join(decision.order)
                self.problems.append(
                    problem(
                        "stale_decision",
                        None,
                        f"동점 의결({names})에 맞는 동점이 없습니다. 동점인 신청만, 빠짐없이 적어 주세요.",
                        f"no open tie fits the decision on {names}; name exactly the tied applications.",
                        "decisions",
                    )
                )

    def _hash(self) -> str:
        """SHA-256 over all that the result depends on, in a form that no order of the input changes."""
        sheets: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
        for score in self.scores:
            by_stage = sheets.setdefault(score.stage, {}).setdefault(score.application, {})
            by_stage.setdefault(score.evaluator, {})[score.criterion] = exact.text(score.points)
        bonus = sorted((item.application, exact.text(item.points), item.reason) for item in self.bonus)
        seats = sorted((s.stage, s.evaluator, s.application or "") for s in self.seats or ())
        return digest(
            {
                "call": self.definition.id,
                "version": self.definition.version,
                "evaluation": plain(self.evaluation),
                "selection": plain(self.definition.selection),
                "scores": sheets,
                "panel": None if self.seats is None else seats,
                "applications": sorted(self.given_applications)
                if self.given_applications is not None
                else None,
                "bonus": bonus,
                "withdrawn": sorted(self.withdrawn),
                "decisions": sorted((d.stage or "", list(d.order), d.reason) for d in self.decisions),
                "through": self.through,
            }
        )


def _stages(evaluation: Evaluation, through: str | None) -> tuple[Stage, ...]:
    found: list[Stage] = []
    for stage in evaluation.scored_stages():
        found.append(stage)
        if stage.id == through:
            return tuple(found)
    if through is not None:
        raise KeyError(through)
    return tuple(found)


def _value(stages: Iterable[StageScore], bonus: Decimal) -> Fraction:
    return sum((stage.weighted for stage in stages), Fraction(bonus))


def _tied_with(name: str, found: Order | None) -> tuple[str, ...]:
    for tie in found.ties if found is not None else ():
        if name in tie.applications:
            return tuple(other for other in tie.applications if other != name)
    return ()
