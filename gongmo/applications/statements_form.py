"""The self-check's form: every part of every answer with its value, the revision that is shown, and what became of it when sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongmo.applications.commands.autosave import FieldInput, Saved, SaveState
from gongmo.applications.fields.facts import PARTS
from gongmo.applications.models import Member
from gongmo.applications.overview_form import Row, field_id, fingerprint
from gongmo.definition.application import Organisation, Truth
from gongmo.definition.base import Text
from gongmo.definition.model import Definition, FactKind
from gongmo.definition.rules import Exclusion, FollowUpAfterEnd, YoungerThan
from gongmo.kernel.korean import day
from gongmo.rules.exclusions import anniversary, closing_day
from gongmo.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class Explained:
    """An exception: its words, what it comes to for this organisation, and whether it holds (None: it depends on what is answered)."""

    text: Text
    comes_to: Text | None
    holds: bool | None
    asks: bool = False
    """Whether a follow-up and its day are asked for."""


@dataclass(slots=True)
class Asked:
    """One question: the fact, its parts by name, what a yes means, its exceptions, and what the rule says of the stored answer."""

    fact: FactKind
    parts: dict[str, Row]
    concerns: bool
    contagious: bool
    exceptions: list[Explained]
    finding: Finding | None

    @property
    def anchor(self) -> str:
        return f"fact-{self.fact.id}"

    @property
    def asks_follow_up(self) -> bool:
        return any(each.asks for each in self.exceptions)


@dataclass(slots=True)
class StatementsForm:
    """Every question of the call for one member."""

    questions: list[Asked]

    @property
    def rows(self) -> dict[str, Row]:
        return {row.path: row for question in self.questions for row in question.parts.values()}


def form_of(
    definition: Definition,
    member: Member,
    value: Organisation | None,
    findings: Iterable[Finding],
    revisions: Mapping[str, int],
) -> StatementsForm:
    """The form as it is stored."""
    stored = {item.fact: item for item in member.declarations.all()}
    own = {
        str(finding.numbers.get("fact")): finding
        for finding in findings
        if finding.subject.organisation == str(member.organisation_id) and "contagion" in finding.numbers
    }
    questions: list[Asked] = []
    for fact in definition.facts:
        rules = [rule for rule in definition.rules if isinstance(rule, Exclusion) and rule.fact == fact.id]
        concerns = [
            rule
            for rule in rules
            if (rule.roles is None or member.role in rule.roles)
            and (rule.kinds is None or member.organisation.kind in {kind.value for kind in rule.kinds})
        ]
        kept = stored.get(fact.id)
        contents: dict[str, Any] = {
            "value": kept.value if kept else Truth.UNKNOWN.value,
            "follow_up": bool(kept and kept.follow_up),
            "ended": kept.earlier_ended_on.isoformat() if kept and kept.earlier_ended_on else "",
            "note": kept.note if kept else "",
        }
        parts: dict[str, Row] = {}
        for part in PARTS:
            path = f"fact:{member.pk}:{fact.id}:{part}"
            base = revisions.get(path, 0)
            content = contents[part]
            parts[part] = Row(path, field_id(path), content, f"{base}-{fingerprint(content)}", base)
        questions.append(
            Asked(
                fact,
                parts,
                bool(concerns) or not rules,
                any(rule.contagion == "application" for rule in concerns),
                [
                    _explained(definition, exception, member.organisation.founded_on)
                    for rule in concerns
                    for exception in rule.exceptions
                ],
                own.get(fact.id),
            )
        )
    return StatementsForm(questions)


def _explained(
    definition: Definition, exception: YoungerThan | FollowUpAfterEnd, founded: date | None
) -> Explained:
    closing = closing_day(definition)
    if isinstance(exception, FollowUpAfterEnd):
        return Explained(
            exception.text,
            Text(
                ko=f"앞선 과제가 {day(closing)}까지 끝났고 이번 신청이 그 후속 지원이면 아래에 표시하고 끝난 날을 적어 주세요.",
                en=f"If the earlier project has ended by {day(closing)} and this application follows it up, say so below with the day on which it ended.",
            ),
            None,
            asks=True,
        )
    if founded is None:
        return Explained(
            exception.text,
            Text(
                ko="기관 정보에 설립일이 없어 아직 알 수 없습니다. 기관 정보에 설립일을 적어 주세요.",
                en="The profile has no founding day, so this cannot be told yet. Enter it in the profile.",
            ),
            None,
        )
    full = anniversary(founded, exception.years)
    holds = founded <= closing < full
    return Explained(
        exception.text,
        Text(
            ko=f"설립일이 {day(founded)}이므로 {day(full)}에 만 {exception.years}년이 됩니다. "
            + (
                f"마감일({day(closing)})에는 {exception.years}년 미만이라 ‘예’여도 제외되지 않습니다."
                if holds
                else f"마감일({day(closing)})에는 {exception.years}년 미만이 아니어서 이 예외에 들지 않습니다."
            ),
            en=f"Founded on {day(founded)}, so {exception.years} full years are over on {day(full)}. "
            + (
                f"On the closing day ({day(closing)}) it is younger, so a yes does not exclude it."
                if holds
                else f"On the closing day ({day(closing)}) it is not younger: this exception does not hold."
            ),
        ),
        holds,
    )


def sent(form: StatementsForm, posted: Mapping[str, str]) -> list[FieldInput]:
    """What a sent form changes. Takes over what was typed; what nobody touched is left out."""
    changes: list[FieldInput] = []
    for path, row in form.rows.items():
        if f"seen:{path}" not in posted and path not in posted:
            continue
        if path.endswith(":follow_up"):
            value: Any = posted.get(path) == "yes"
        else:
            value = posted.get(path, "").replace("\r\n", "\n")
        if path.endswith(":value") and not value:
            continue
        number, _, mark = posted.get(f"seen:{path}", str(row.base)).partition("-")
        row.base = int(number) if number.isdecimal() and len(number) < 10 else 0
        if mark == fingerprint(value):
            continue
        row.value, row.seen = value, str(row.base)
        changes.append(FieldInput(path, value, row.base))
    return changes


def noted(form: StatementsForm, results: Iterable[Saved]) -> bool:
    """Note what became of the changes. Whether any needs a look."""
    found = False
    rows = form.rows
    for result in results:
        row = rows[result.path]
        if result.state is SaveState.REFUSED:
            row.refused = result
        elif result.state is SaveState.CONFLICT:
            row.conflict = result
        found |= result.state is not SaveState.SAVED
        if result.state is not SaveState.REFUSED:
            row.base, row.seen = result.revision, str(result.revision)
    return found
