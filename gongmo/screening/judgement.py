"""From what was submitted and what was found out to a verdict that anyone entitled can recompute."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongmo.applications.models import Application
from gongmo.applications.queries import submitted_value
from gongmo.calls.models import CallVersion
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Application as Value
from gongmo.definition.application import Fact, FactSource, ProofDemand, Truth
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.canonical import canonical_json, digest, plain, sha256_hex
from gongmo.kernel.errors import NotFound
from gongmo.parties.queries import region_table
from gongmo.rules.check import check, exclusion_verdicts
from gongmo.rules.finding import Finding, Status, Verdict, verdict
from gongmo.rules.regions import RegionTable
from gongmo.screening.items import supplemented
from gongmo.screening.models import FactRecord, SupplementItem
from gongmo.screening.states import SupplementState

FORMAT = "gongmo/screening/1"
WEIGHT = {source: place for place, source in enumerate(FactSource)}


def fact_of(record: FactRecord) -> Fact:
    """A recorded fact as the rules see it. The note stays with the record: it decides nothing."""
    return Fact(
        value=Truth(record.value),
        as_of=record.as_of,
        source=FactSource(record.source),
        since=record.since,
        until=record.until,
        follow_up=record.follow_up,
        earlier_ended_on=record.earlier_ended_on,
    )


def merged(declared: dict[str, Fact], records: Iterable[FactRecord]) -> dict[str, Fact]:
    """One fact a question: officer before certificate before register before self-confirmation, the newest of equals.

    `records` are those of one organisation, oldest first.
    """
    found = dict(declared)
    for record in records:
        held = found.get(record.fact)
        if held is None or WEIGHT[FactSource(record.source)] >= WEIGHT[held.source]:
            found[record.fact] = fact_of(record)
    return found


def accepted_items(application: Application) -> list[SupplementItem]:
    """What accepted supplements put in place of what was submitted, the oldest first."""
    found = SupplementItem.objects.filter(
        supplement__application=application, supplement__state=SupplementState.ACCEPTED
    )
    return list(found.select_related("organisation", "file").order_by("supplement_id", "id"))


def screened_value(application: Application) -> Value:
    """The standing submission with accepted supplements, and the facts, arrivals and demanded proof known now.

    Raises Refused without a submission. Five queries, however many organisations there are.
    """
    value = supplemented(submitted_value(application), accepted_items(application))
    by_organisation: dict[str, list[FactRecord]] = {}
    for record in application.facts.order_by("id"):
        by_organisation.setdefault(str(record.organisation_id), []).append(record)
    organisations = tuple(
        organisation.model_copy(
            update={"facts": merged(organisation.facts, by_organisation.get(organisation.id, ()))}
        )
        for organisation in value.organisations
    )
    demands = tuple(
        ProofDemand(
            organisation=str(demand.organisation_id),
            fact=demand.fact,
            due_at=demand.due_at,
            handed_in_at=demand.handed_in_at,
        )
        for demand in application.proof_demands.order_by("id")
    )
    return value.model_copy(update={"organisations": organisations, "proof_demands": demands})


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its findings, the value it was passed on, and the canonical JSON from which it can be recomputed."""

    value: Value
    findings: tuple[Finding, ...]
    inputs: str

    @property
    def verdict(self) -> Verdict:
        return verdict(self.findings)

    def open(self) -> tuple[Finding, ...]:
        """The blocking findings that stand in the way of eligibility: failed or unknown."""
        return tuple(
            finding
            for finding in self.findings
            if finding.severity.value == "blocking" and finding.status in (Status.FAIL, Status.UNKNOWN)
        )

    def record(self) -> dict[str, Any]:
        """What the ledger keeps of a verdict: hashes of inputs and findings, and each organisation's facts."""
        return {
            "verdict": self.verdict.value,
            "inputs": sha256_hex(self.inputs),
            "findings": digest(plain_findings(self.findings)),
            "facts": {
                organisation.id: {
                    name: {"value": fact.value.value, "source": fact.source.value}
                    for name, fact in organisation.facts.items()
                }
                for organisation in self.value.organisations
            },
        }


def plain_findings(findings: Iterable[Finding]) -> list[Any]:
    """Findings as JSON values."""
    found: list[Any] = plain(list(findings))
    return found


def judge(application: Application, *, on: date | None = None) -> Judgement:
    """Judge an application's standing submission now, under its call's version in force.

    Exclusions are judged on the closing day; `on` is a later day, for a ground that came to light after the decision.
    """
    version = application.call.version
    if version is None:
        raise NotFound
    at = clock.now()
    value = screened_value(application)
    regions = region_table()
    inputs = canonical_json(
        {
            "format": FORMAT,
            "call": application.call.slug,
            "version": version.number,
            "definition": version.sha256,
            "at": at,
            "on": on,
            "regions": _region_rows(regions),
            "application": value,
        }
    )
    return Judgement(value, _findings(definition_of(version), value, regions, at, on), inputs)


def _findings(
    definition: Definition, value: Value, regions: RegionTable, at: datetime, on: date | None
) -> tuple[Finding, ...]:
    found = check(definition, value, regions=regions, at=at)
    if on is None:
        return found
    rules = {rule.id for rule in definition.rules if rule.kind == "exclusion"}
    return (
        *(each for each in found if each.rule not in rules),
        *exclusion_verdicts(definition, value, on=on),
    )


def recompute(inputs: str) -> tuple[Finding, ...]:
    """The findings again, from a decision's canonical inputs alone and the frozen definition they name.

    Raises ValueError when the inputs are not of this format or their definition is not kept.
    """
    given = json.loads(inputs)
    if given.get("format") != FORMAT:
        raise ValueError("not the inputs of a screening decision")
    version = CallVersion.objects.filter(sha256=given["definition"]).first()
    if version is None:
        raise ValueError("the definition of the decision is not kept")
    return _findings(
        definition_of(version),
        Value.model_validate_json(json.dumps(given["application"])),
        RegionTable.from_rows(given["regions"]),
        datetime.fromisoformat(given["at"]),
        None if given["on"] is None else date.fromisoformat(given["on"]),
    )


def _region_rows(table: RegionTable) -> list[dict[str, Any]]:
    return [
        {
            "code": region.code,
            "ko": region.name.ko,
            "en": region.name.en,
            "kind": region.kind,
            "valid_from": region.valid_from,
            "valid_to": region.valid_to,
            "successors": region.successors,
        }
        for region in sorted(table.regions.values(), key=lambda region: region.code)
    ]
