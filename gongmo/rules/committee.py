"""Who may not judge whom, and whether a committee is whole.

Conflicts are looked for between an evaluator and EVERY organisation of an application (and its parties' persons): the rules on
exclusion, challenge and recusal (제척·기피·회피) know the person itself, family, testimony, advice, research or service on the matter,
agency, and advisers within some years; employment, region and participation in the same call are checked besides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongmo.definition.base import Severity, Text
from gongmo.definition.evaluation import Committee, Sector
from gongmo.definition.model import Definition
from gongmo.kernel.korean import day, particle
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind


class Relation(StrEnum):
    """What an evaluator declares to an organisation or its people (domain.md section 2: exclusion)."""

    SELF = "self"
    SPOUSE = "spouse"
    RELATIVE = "relative"
    TESTIMONY = "testimony"
    ADVICE = "advice"
    RESEARCH = "research"
    AGENT = "agent"
    ADVISER = "adviser"


class ConflictKind(StrEnum):
    SAME_ORGANISATION = "same_organisation"
    FORMER_ORGANISATION = "former_organisation"
    SAME_REGION = "same_region"
    DECLARED = "declared"
    SAME_CALL = "same_call"


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Employment. `until` is the last day (None: still there); a missing `since` means since ever."""

    organisation: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A relation that an evaluator declared. `ended_on` counts for `adviser` only: it fades after the affiliation years."""

    relation: Relation
    organisation: str
    ended_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evaluator:
    """An evaluator as the conflict check sees one. `applications` are those of this call in which the evaluator takes part.

    Organisations are compared by id only: the caller gives the same id to the same organisation.
    """

    id: str
    sector: Sector
    affiliations: tuple[Affiliation, ...] = ()
    region: str | None = None
    declared: tuple[Declared, ...] = ()
    applications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of an application's consortium."""

    organisation: str
    name: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application with every organisation of its consortium."""

    id: str
    members: tuple[Member, ...]
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why the evaluator may not judge the application. `organisation` is None for a conflict with the whole of it."""

    evaluator: str
    application: str
    organisation: str | None
    kind: ConflictKind
    relation: Relation | None
    message: Text


_RELATIONS = {
    Relation.SELF: ("본인이 관계자입니다", "is a party in person"),
    Relation.SPOUSE: ("배우자(였던 사람 포함)가 관계자입니다", "has or had a spouse there"),
    Relation.RELATIVE: ("친족이 관계자입니다", "has a relative there"),
    Relation.TESTIMONY: (
        "해당 사안에 증언이나 감정을 했습니다",
        "testified or gave an expert opinion on the matter",
    ),
    Relation.ADVICE: ("해당 사안에 자문했습니다", "advised on the matter"),
    Relation.RESEARCH: ("해당 사안의 연구나 용역을 했습니다", "did research or a service on the matter"),
    Relation.AGENT: ("대리인이거나 대리인이었습니다", "is or was its agent"),
    Relation.ADVISER: ("고문이나 자문위원입니다", "is or was its adviser"),
}


def years_before(day_: date, years: int) -> date:
    """The same day so many years earlier (29 February becomes 28 February)."""
    try:
        return day_.replace(year=day_.year - years)
    except ValueError:
        return day_.replace(year=day_.year - years, day=28)


def conflicts(
    definition: Definition, evaluator: Evaluator, candidate: Candidate, *, as_of: date
) -> tuple[Conflict, ...]:
    """Every conflict between an evaluator and an application, as of a day, in a fixed order. Empty: none is known.

    Former employment (and having been an adviser) counts until `affiliation_years` full years have passed since its last day.
    """
    committee = definition.evaluation.committee
    since = years_before(as_of, committee.affiliation_years)
    found: list[Conflict] = []

    def add(
        kind: ConflictKind, member: Member | None, ko: str, en: str, relation: Relation | None = None
    ) -> None:
        organisation = member.organisation if member is not None else None
        found.append(Conflict(evaluator.id, candidate.id, organisation, kind, relation, Text(ko=ko, en=en)))

    if candidate.id in evaluator.applications:
        add(
            ConflictKind.SAME_CALL,
            None,
            "이 신청에 직접 참여하고 있습니다. 평가에서 제외해 주세요.",
            "takes part in this very application; leave the evaluator out.",
        )
    elif evaluator.applications:
        add(
            ConflictKind.SAME_CALL,
            None,
            "같은 공고의 다른 신청에 참여하고 있습니다. 평가에서 제외해 주세요.",
            "takes part in a rival application of the same call; leave the evaluator out.",
        )
    for member in candidate.members:
        kind = _employment(evaluator, member, as_of, since)
        if kind is not None:
            add(kind[0], member, kind[1].ko, kind[1].en)
        for declared in evaluator.declared:
            if declared.organisation == member.organisation and _still_counts(declared, since):
                ko, en = _RELATIONS[declared.relation]
                add(
                    ConflictKind.DECLARED,
                    member,
                    f"신고한 관계: {member.name} — {ko}.",
                    f"Declared: the evaluator {en} ({member.name}).",
                    declared.relation,
                )
    if committee.same_region == "conflict" and evaluator.region is not None:
        regions = {candidate.region, *(member.region for member in candidate.members)}
        if evaluator.region in regions:
            add(
                ConflictKind.SAME_REGION,
                None,
                "신청한 지역과 같은 지역에 속해 있습니다.",
                "belongs to the same region as the application.",
            )
    return tuple(found)


def _still_counts(declared: Declared, since: date) -> bool:
    if declared.relation is not Relation.ADVISER or declared.ended_on is None:
        return True
    return declared.ended_on > since


def _employment(
    evaluator: Evaluator, member: Member, as_of: date, since: date
) -> tuple[ConflictKind, Text] | None:
    """The strongest employment conflict with an organisation: now, else the latest former one that still counts."""
    last: date | None = None
    for affiliation in evaluator.affiliations:
        if affiliation.organisation != member.organisation:
            continue
        if affiliation.since is not None and affiliation.since > as_of:
            continue
        if affiliation.until is None or affiliation.until >= as_of:
            return ConflictKind.SAME_ORGANISATION, Text(
                ko=f"{member.name} 소속입니다.", en=f"works at {member.name}."
            )
        if affiliation.until > since and (last is None or affiliation.until > last):
            last = affiliation.until
    if last is None:
        return None
    return ConflictKind.FORMER_ORGANISATION, Text(
        ko=f"{day(last)}까지 {member.name} 소속이었고, 아직 {_full_years(last, as_of)}년이 지나지 않았습니다.",
        en=f"worked at {member.name} until {last.isoformat()}, which is less than {_full_years(last, as_of)} year(s) ago.",
    )


def _full_years(from_day: date, to_day: date) -> int:
    """The least whole number of years that have not passed yet between two days."""
    years = 1
    while from_day <= years_before(to_day, years):
        years += 1
    return years


def check_committee(definition: Definition, members: Sequence[Evaluator]) -> tuple[Finding, ...]:
    """Whether a committee fits the definition: its size, its mix of sectors, and that its quorum can be reached.

    Size is blocking only from below the quorum on ("about so many" experts): a smaller or larger committee is told as advisory.
    """
    committee = definition.evaluation.committee
    count = len({member.id for member in members})
    found = [_size(committee, count), _quorum(committee, count)]
    if committee.at_least_per_sector:
        found += [_sector(committee, sector, members) for sector in committee.sectors]
    strangers = sorted({m.sector for m in members if m.sector not in committee.sectors})
    for sector in strangers:
        found.append(
            _finding(
                committee,
                "committee_sector_allowed",
                False,
                Text(ko="위원의 분야", en="Sectors allowed"),
                sum(1 for m in members if m.sector == sector),
                0,
                Text(
                    ko=f"{_SECTORS[sector][0]} 위원은 이 위원회에 둘 수 없습니다. 다른 분야의 위원으로 바꿔 주세요.",
                    en=f"This committee takes no {_SECTORS[sector][1]} members; replace them.",
                ),
            )
        )
    return tuple(found)


_SECTORS = {
    "industry": ("산업계", "industry"),
    "academia": ("학계", "academia"),
    "research": ("연구계", "research"),
}


def _finding(
    committee: Committee,
    rule: str,
    passed: bool,
    title: Text,
    observed: int,
    required: int,
    message: Text,
    severity: Severity = Severity.BLOCKING,
) -> Finding:
    return Finding(
        rule=rule,
        clause=committee.clause,
        status=Status.PASS if passed else Status.FAIL,
        subject=Subject(SubjectKind.APPLICATION),
        title=title,
        observed=Text(ko=f"{observed}명", en=f"{observed}"),
        required=Text(ko=f"{required}명", en=f"{required}"),
        message=message,
        remedy=None if passed else message,
        severity=severity,
        is_default=committee.is_default,
        numbers={"observed": observed, "required": required},
    )


def _size(committee: Committee, count: int) -> Finding:
    size = committee.size
    if count == size:
        message = Text(ko=f"위원이 {count}명입니다.", en=f"There are {count} members.")
    elif count < size:
        message = Text(
            ko=f"위원을 {size - count}명 더 위촉해 주세요.", en=f"Appoint {size - count} more member(s)."
        )
    else:
        message = Text(
            ko=f"위원이 {count - size}명 많습니다.", en=f"There are {count - size} member(s) too many."
        )
    title = Text(ko="위원회의 크기", en="Size of the committee")
    return _finding(
        committee, "committee_size", count == size, title, count, size, message, Severity.ADVISORY
    )


def _quorum(committee: Committee, count: int) -> Finding:
    quorum = committee.quorum
    message = (
        Text(ko=f"정족수 {quorum}명을 채울 수 있습니다.", en=f"The quorum of {quorum} can be reached.")
        if count >= quorum
        else Text(
            ko=f"정족수 {quorum}명에 {quorum - count}명이 모자랍니다. 위원을 더 위촉해 주세요.",
            en=f"{quorum - count} member(s) are missing for the quorum of {quorum}; appoint more.",
        )
    )
    title = Text(ko="의결 정족수", en="Quorum")
    return _finding(committee, "committee_quorum", count >= quorum, title, count, quorum, message)


def _sector(committee: Committee, sector: Sector, members: Sequence[Evaluator]) -> Finding:
    ko, en = _SECTORS[sector]
    least = committee.at_least_per_sector
    count = len({member.id for member in members if member.sector == sector})
    message = (
        Text(ko=f"{ko} 위원이 {count}명입니다.", en=f"There are {count} member(s) from {en}.")
        if count >= least
        else Text(
            ko=f"{particle(ko, '은', '는')} 적어도 {least}명이어야 합니다. {least - count}명을 더 위촉해 주세요.",
            en=f"At least {least} member(s) have to come from {en}; appoint {least - count} more.",
        )
    )
    title = Text(ko=f"{ko} 위원", en=f"Members from {en}")
    return _finding(committee, f"committee_sector_{sector}", count >= least, title, count, least, message)
