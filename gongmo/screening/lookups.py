"""From a submitted application to questions for outside registers, and from their answers to facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongmo.definition.application import Application as Value
from gongmo.definition.application import Organisation
from gongmo.definition.model import Definition, FactKind
from gongmo.definition.registers import AccountsLookup, StatusLookup
from gongmo.kernel.clock import SEOUL
from gongmo.parties.models import Organisation as OrganisationRow
from gongmo.registers.commands.asking import of_row
from gongmo.registers.models import RegisterAnswer
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.settings import configuration
from gongmo.registers.values import Answer, Question
from gongmo.rules.exclusions import closing_day
from gongmo.rules.registers import Drawn, Heard, accounts_year, decided, from_accounts


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that registers tell of one organisation, and the answer on which it rests."""

    organisation: int
    kind: FactKind
    drawn: Drawn
    answer: int


def asked_organisations(value: Value) -> list[Organisation]:
    """The organisations for which registers are asked: those with a number; made-up ones only where the settings say so. One statement."""
    numbered = [each for each in value.organisations if each.business_number or each.corporate_number]
    if configuration().invented:
        return numbered
    keys = [int(each.id) for each in numbered]
    invented = set(OrganisationRow.objects.filter(pk__in=keys, invented=True).values_list("pk", flat=True))
    return [each for each in numbered if int(each.id) not in invented]


def questions(definition: Definition, organisations: Iterable[Organisation]) -> list[Question]:
    """What is asked of each: the business status; of corporations the outline, and the accounts that the call's questions rest on."""
    years = sorted(
        {
            accounts_year(kind.lookup, closing_day(definition))
            for kind in definition.facts
            if isinstance(kind.lookup, AccountsLookup)
        }
    )
    found: list[Question] = []
    for each in organisations:
        if each.business_number:
            found.append(Question.of(Register.BUSINESS_STATUS, each.business_number))
        if each.corporate_number:
            found += [Question.of(Register.ACCOUNTS, each.corporate_number, year=str(year)) for year in years]
            found.append(
                Question.of(
                    Register.OUTLINE,
                    each.corporate_number,
                    name=each.name,
                    founded=each.founded_on.strftime("%Y%m%d") if each.founded_on else "",
                    business_number=each.business_number or "",
                )
            )
    return found


def told(
    definition: Definition,
    organisations: Iterable[Organisation],
    answers: Mapping[Question, Answer],
    *,
    judged_on: date | None = None,
    closed_at: datetime | None = None,
) -> Iterator[Told]:
    """The facts that the answers tell, for the call's questions that name a register.

    `judged_on`: the day for which facts are judged, the closing day when missing. `closed_at`: then the answers that were heard on that day,
    from the closing instant on, count beside the newest. One statement.
    """
    known = list(organisations)
    day = closing_day(definition) if judged_on is None else judged_on
    heard = _heard_at_closing(known, closed_at) if closed_at is not None else {}
    for each in known:
        for kind in definition.facts:
            found = _one(definition, kind, each, answers, heard, day)
            if found is not None:
                yield found


def _one(
    definition: Definition,
    kind: FactKind,
    organisation: Organisation,
    answers: Mapping[Question, Answer],
    earlier: Mapping[str, Answer],
    day: date,
) -> Told | None:
    if isinstance(kind.lookup, StatusLookup) and organisation.business_number:
        newest = answers.get(Question.of(Register.BUSINESS_STATUS, organisation.business_number))
        rows = [
            answer
            for answer in (earlier.get(organisation.business_number), newest)
            if answer is not None and answer.id is not None and answer.outcome is not Outcome.UNAVAILABLE
        ]
        drawn = decided(kind.lookup, [_heard(answer) for answer in rows], judged_on=day)
        if drawn is None:
            return None
        rests = next(row for row in reversed(rows) if _asked_on(row) == drawn.as_of)
        return Told(int(organisation.id), kind, drawn, rests.id or 0)
    if isinstance(kind.lookup, AccountsLookup) and organisation.corporate_number:
        year = accounts_year(kind.lookup, closing_day(definition))
        answer = answers.get(Question.of(Register.ACCOUNTS, organisation.corporate_number, year=str(year)))
        if answer is None or answer.id is None:
            return None
        drawn = from_accounts(kind.lookup, _heard(answer))
        return Told(int(organisation.id), kind, drawn, answer.id) if drawn is not None else None
    return None


def _heard_at_closing(organisations: Iterable[Organisation], closed_at: datetime) -> dict[str, Answer]:
    numbers = [each.business_number for each in organisations if each.business_number]
    rows = RegisterAnswer.objects.filter(
        register=Register.BUSINESS_STATUS,
        number__in=numbers,
        asked_at__gte=closed_at,
        asked_at__lt=closed_at + timedelta(days=1),
    ).exclude(outcome=Outcome.UNAVAILABLE)
    found: dict[str, Answer] = {}
    for row in rows.order_by("id"):
        if row.asked_at.astimezone(SEOUL).date() == closed_at.astimezone(SEOUL).date():
            found.setdefault(row.number, of_row(row))
    return found


def _heard(answer: Answer) -> Heard:
    return Heard(answer.outcome.value, answer.payload or {}, _asked_on(answer))


def _asked_on(answer: Answer) -> date:
    return answer.asked_at.astimezone(SEOUL).date()
