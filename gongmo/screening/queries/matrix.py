"""Every organisation against every exclusion clause: the verdict, the fact that counts, where it comes from, and its proof."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongmo.definition.application import Fact, Organisation
from gongmo.definition.model import Definition, FactKind
from gongmo.definition.rules import Exclusion
from gongmo.rules.finding import Finding, SubjectKind
from gongmo.screening.judgement import Judgement
from gongmo.screening.models import FactRecord, ProofDemand, Review


@dataclass(frozen=True, slots=True)
class Cell:
    """One organisation under one exclusion rule. `records` newest first; `counting` is the record that the fact comes from.

    Without a record the fact is the organisation's own confirmation, or nothing at all.
    """

    rule: Exclusion
    kind: FactKind
    organisation: Organisation
    finding: Finding
    fact: Fact | None
    records: tuple[FactRecord, ...]
    counting: FactRecord | None
    demand: ProofDemand | None

    @property
    def contested(self) -> bool:
        """Whether records (or the own confirmation) say different things."""
        said = {record.value for record in self.records}
        return len(said) > 1

    @property
    def evidence(self) -> FactRecord | None:
        """The newest record that has a file."""
        return next((record for record in self.records if record.evidence_id), None)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rules in the definition's order; one row an organisation; the finding that each rule comes to for the whole application."""

    rules: tuple[Exclusion, ...]
    kinds: Mapping[str, FactKind]
    rows: tuple[tuple[Organisation, tuple[Cell, ...]], ...]
    whole: Mapping[str, Finding]

    def cell(self, organisation: str, rule: str) -> Cell | None:
        for owner, cells in self.rows:
            if owner.id == organisation:
                return next((cell for cell in cells if cell.rule.id == rule), None)
        return None


def matrix(review: Review, judgement: Judgement, definition: Definition) -> Matrix:
    """The matrix of a review from `review_for`. No further query."""
    rules = tuple(rule for rule in definition.rules if isinstance(rule, Exclusion))
    kinds = {kind.id: kind for kind in definition.facts}
    records: dict[tuple[str, str], list[FactRecord]] = {}
    for record in review.application.facts.all():
        records.setdefault((str(record.organisation_id), record.fact), []).append(record)
    demands = {
        (str(demand.organisation_id), demand.fact): demand
        for demand in review.application.proof_demands.all()
    }
    found: dict[tuple[str, str], Finding] = {}
    whole: dict[str, Finding] = {}
    wanted = {rule.id for rule in rules}
    for finding in judgement.findings:
        if finding.rule not in wanted:
            continue
        if finding.subject.kind is SubjectKind.ORGANISATION and finding.subject.organisation:
            found[finding.subject.organisation, finding.rule] = finding
        else:
            whole[finding.rule] = finding
    rows = tuple(
        (
            organisation,
            tuple(
                _cell(
                    rule,
                    kinds[rule.fact],
                    organisation,
                    found[organisation.id, rule.id],
                    records.get((organisation.id, rule.fact), []),
                    demands.get((organisation.id, rule.fact)),
                )
                for rule in rules
            ),
        )
        for organisation in judgement.value.organisations
    )
    return Matrix(rules, kinds, rows, whole)


def _cell(
    rule: Exclusion,
    kind: FactKind,
    organisation: Organisation,
    finding: Finding,
    records: list[FactRecord],
    demand: ProofDemand | None,
) -> Cell:
    fact = organisation.facts.get(rule.fact)
    newest = tuple(reversed(records))
    # The newest of the weightiest source counts (judgement.merged); it is the newest with the fact's own source and day.
    counting = next(
        (
            record
            for record in newest
            if fact is not None
            and record.source == fact.source
            and record.as_of == fact.as_of
            and record.value == fact.value
        ),
        None,
    )
    return Cell(rule, kind, organisation, finding, fact, newest, counting, demand)
