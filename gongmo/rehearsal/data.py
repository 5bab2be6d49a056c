"""What a rehearsal plays: a YAML file of plain data, read strictly. Nothing of a particular call stands in the code."""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, ValidationError

from gongmo.definition.application import AnswerPlace, Application, Kpi
from gongmo.definition.base import (
    ClauseId,
    Form,
    Identifier,
    Model,
    OrganisationKind,
    RegionCode,
    Slug,
    Text,
    Won,
)
from gongmo.definition.loader import definition_file, load_application, load_definition, parse_definition
from gongmo.definition.messages import problems_of
from gongmo.definition.model import Definition
from gongmo.definition.problems import Unusable
from gongmo.definition.source import DEFINITION_LIMIT, read
from gongmo.kernel.actor import Role
from gongmo.kernel.errors import BadInput

SCRIPT_LIMIT = 1_000_000
"""Bytes that a script may have."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
"""A name inside the file; people's keys are also the first part of their rehearsal address."""


class Account(Model):
    """A person of an office: key, display name, role."""

    id: Key
    name: str
    role: Role


class Office(Model):
    """An organisation whose people run or watch the call."""

    id: Key
    name: str
    kind: OrganisationKind
    people: tuple[Account, ...]


class Party(Model):
    """An organisation of a consortium. `invented` says that it does not exist."""

    id: Key
    name: str
    kind: OrganisationKind
    region: RegionCode | None = None
    founded_on: date | None = None
    invented: bool = True


class Money(Model):
    """Total won by source."""

    national: Won
    local: Won
    private: Won


class Share(Model):
    """A line of the budget pattern: how many percent of a source's total go there in each year."""

    by: str
    field: Identifier
    category: Identifier
    source: Identifier
    form: Form
    direct_support: bool = False
    percent: dict[int, int]


class Consortium(Model):
    """An application: who, how much, when. Either `application` names a file with everything, or the parts stand here."""

    id: Key
    region: RegionCode
    government: str
    lead: Party
    title: str
    summary: str
    fields: tuple[Identifier, ...]
    partners: tuple[Party, ...] = ()
    money: Money | None = None
    application: str | None = None
    partner_prefix: str = ""
    started_at: AwareDatetime
    submitted_at: AwareDatetime
    letter_on: date | None = None
    post_on: date | None = None
    desk: Decimal | None = None
    presentation: Decimal | None = None
    answers: dict[AnswerPlace, str] = {}
    """What this consortium answers otherwise than all the others."""
    refused: str | None = None
    """The code of the refusal with which the submission must end, for one that comes too late."""


class Asked(Model):
    """A question and its answer."""

    by: Key
    at: AwareDatetime
    title: str
    body: str
    answered_at: AwareDatetime
    answer: str
    public: bool


class Correction(Model):
    """A correction notice: texts by their path in the definition."""

    at: AwareDatetime
    reason: str
    set: dict[str, Any]


class Found(Model):
    """Something found out about a partner (its place in the consortium's list)."""

    application: Key
    partner: int
    fact: Identifier
    clause: ClauseId
    since: date
    as_of: date
    at: AwareDatetime
    note: str
    evidence: str


class Exclusion(Found):
    """An exclusion with its two officers."""

    reason: str
    proposed_at: AwareDatetime
    proposed_by: Key
    confirmed_at: AwareDatetime
    confirmed_by: Key


class Supplement(Model):
    application: Key
    asked_at: AwareDatetime
    due_at: AwareDatetime
    what: str
    opens: str
    answered_at: AwareDatetime
    answer: str
    document: str
    accepted_at: AwareDatetime


class Expert(Model):
    """A committee member; `works_for` is (consortium, place of the partner, first day), which disqualifies for that application."""

    id: Key
    label: str
    sector: str
    expertise: tuple[str, ...]
    works_for: tuple[Key, int, date] | None = None
    employer: str | None = None
    since: date | None = None
    region: RegionCode | None = None
    sessions: int = 0
    """Sessions elsewhere in the year of the story."""
    unasked: bool = False
    """Has not consented to be in the pool."""


class SeatChange(Model):
    """A change of the proposal by hand; experts by their labels."""

    out: str
    into: str = ""
    chair: bool = False
    reason: str


class CommitteeData(Model):
    name: str
    formed_at: AwareDatetime
    pledged_at: AwareDatetime
    members: tuple[Expert, ...]
    pool: tuple[Expert, ...] = ()
    """The experts of the pool whom nobody asks."""
    changes: tuple[SeatChange, ...] = ()


class StageData(Model):
    """A scored stage: which target each consortium has in it is `Consortium.desk` or `.presentation` by `target`."""

    id: Identifier
    target: str
    opened_at: AwareDatetime
    scored_at: AwareDatetime
    locked_at: AwareDatetime
    opinions: tuple[str, ...]


class SubstituteData(Model):
    application: Key
    partner: int
    presenter: str
    reason: str
    asked_at: AwareDatetime
    answered_at: AwareDatetime


class Visit(Model):
    application: Key
    by: Key
    reason: str
    wanted_at: AwareDatetime
    visited_on: date
    recorded_at: AwareDatetime
    memo: str
    document: str


class Failure(Model):
    application: Key
    at: AwareDatetime
    reason: str
    promoted: Key


class Negotiations(Model):
    opened_at: AwareDatetime
    preferred: tuple[Key, ...]
    note: str
    noted_at: AwareDatetime
    outcome: str
    agreed_at: AwareDatetime
    failure: Failure
    final: tuple[Key, ...]


class Agreements(Model):
    drawn_up_at: AwareDatetime
    signed_at: AwareDatetime


class Termination(Found):
    reason: str
    ended_at: AwareDatetime


class Regional(Model):
    """A second-level call that is open now. Days are counted from the instant at which the rehearsal is held."""

    definition: str
    under: Key
    slug: Slug
    officer: Account
    opened_days_ago: Annotated[int, Field(ge=1)]
    closes_in_days: Annotated[int, Field(ge=1)]
    closes_at_hour: Annotated[int, Field(ge=0, le=23)]
    project_months: Annotated[int, Field(ge=1, le=12)]
    set: dict[str, Any]
    applicant: Party
    draft_title: str
    draft_summary: str
    draft_fields: tuple[Identifier, ...]
    draft_answers: dict[AnswerPlace, str] = {}
    draft_kpis: tuple[Kpi, ...] = ()
    newcomer: Party


class Row(Model):
    """A line of the sign-in sheet. `path` may hold {call}, {regional} (slugs) and applications by their keys, {draft} for the SME's."""

    person: Key
    who: Text
    see: Text
    path: str = "/"


class EarlierTold(Model):
    """An earlier project that the script tells."""

    number: str
    title: str
    organisation: str
    funder: str
    year: int
    ended_on: str = ""
    money: int
    goals: str
    content: str


class CorpusData(Model):
    """The list of earlier projects: its name, how many invented ones, and those told one by one."""

    name: str
    invented: Annotated[int, Field(ge=0, le=2000)]
    projects: tuple[EarlierTold, ...] = ()


class Script(Model):
    """The whole rehearsal."""

    format: Annotated[str, Field(pattern=r"^gongmo/rehearsal/1$")]
    call: str
    seed: int
    password: str
    address: str
    published_at: AwareDatetime
    ministry: Office
    agency: Office
    keeper: Account
    contact_name: str
    consortia: tuple[Consortium, ...]
    corpus: CorpusData | None = None
    """Earlier projects that applications are compared with."""
    budget: tuple[Share, ...]
    answers: dict[AnswerPlace, str] = {}
    """What every consortium answers; "{government}" and "{lead}" stand for its own names."""
    kpis: tuple[Kpi, ...] = ()
    questions: tuple[Asked, ...]
    correction: Correction
    exclusion: Exclusion
    supplement: Supplement
    reviewed_at: AwareDatetime
    arrivals: dict[str, str]
    """Channel of the call by what came: letter and post."""
    eligible_at: AwareDatetime
    committee: CommitteeData
    stages: tuple[StageData, ...]
    substitute: SubstituteData
    visit: Visit
    ranked_at: AwareDatetime
    negotiations: Negotiations
    allocated_at: AwareDatetime
    agreements: Agreements
    termination: Termination
    regional: Regional
    sheet: tuple[Row, ...]
    sheet_at_closing: tuple[Row, ...] = ()
    """The sign-in sheet of a rehearsal that stops at the closing."""

    def consortium(self, key: str) -> Consortium:
        """The consortium of that key. Raises KeyError."""
        for each in self.consortia:
            if each.id == key:
                return each
        raise KeyError(key)


class Loaded:
    """A script with the files it names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.script = _script(folder / "rehearsal.yaml")
        self.raw = _raw(definition_file(folder / self.script.call))
        self.definition = load_definition(folder / self.script.call)

    def application(self, name: str) -> Application:
        """An application file beside the script."""
        return load_application(self.folder / name)

    def corrected(self) -> Definition:
        """The definition as the correction notice leaves it."""
        return definition_of(patched(self.raw, self.script.correction.set))

    def regional(self, **words: str | int) -> Definition:
        """The second-level definition with the script's changes, their {words} filled in."""
        raw = _raw(definition_file(self.folder / self.script.regional.definition))
        return definition_of(patched(raw, _filled(self.script.regional.set, words)))

    def patched_call(self, changes: dict[str, Any], **words: str | int) -> Definition:
        """The script's definition with changes, their {words} filled in."""
        return definition_of(patched(self.raw, _filled(changes, words)))


def _filled(value: Any, words: dict[str, str | int]) -> Any:
    """Texts with their {words}; a text that is one word alone becomes the word's own value (a number stays a number)."""
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if isinstance(value, str):
        if value.startswith("{") and value.endswith("}") and value[1:-1] in words:
            return words[value[1:-1]]
        return value.format_map(words)
    return value


def patched(raw: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A definition's plain form with values set by path: "milestones.desk.when", list items by their `id` or place.

    Raises KeyError for a path whose place does not exist.
    """
    copy = deepcopy(raw)
    for path, value in changes.items():
        *way, last = path.split("/")
        place: Any = copy
        for step in way:
            place = _step(place, step)
        if isinstance(place, list):
            place[place.index(_step(place, last))] = value
        else:
            place[last] = value
    return copy


def _step(place: Any, step: str) -> Any:
    if isinstance(place, list):
        if step.isdecimal():
            return place[int(step)]
        for item in place:
            if item.get("id") == step:
                return item
        raise KeyError(step)
    return place[step]


def definition_of(raw: dict[str, Any]) -> Definition:
    """A definition from its plain form, checked as a file would be. Raises Unusable."""
    return parse_definition(json.dumps(raw, ensure_ascii=False, allow_nan=False).encode(), "rehearsal.json")


def _raw(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read(path, DEFINITION_LIMIT).value
    return found


def _script(path: Path) -> Script:
    try:
        path.stat()
    except OSError as error:
        raise BadInput(
            "rehearsal_missing",
            f"연습 대본을 찾을 수 없습니다: {path}. 공고 폴더를 --calls로 알려 주세요.",
            f"There is no rehearsal script at {path}. Name the folder of the calls with --calls.",
        ) from error
    source = read(path, SCRIPT_LIMIT)
    try:
        return Script.model_validate_json(json.dumps(source.value, ensure_ascii=False))
    except ValidationError as error:
        raise Unusable(problems_of(error, source, Script)) from error
