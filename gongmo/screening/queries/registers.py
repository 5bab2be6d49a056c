"""What the pages of the registers show: each organisation with its last answers, the facts drawn from them, and what stands against them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django_tasks_db.compat import TaskResultStatus

from gongmo.applications.models import Application, Member
from gongmo.applications.queries import submitted_value
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.application import FactSource, Truth
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.definition.registers import AccountsLookup
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.registers.outcomes import Outcome, Register
from gongmo.registers.queries import Line, last_answers
from gongmo.registers.settings import configuration
from gongmo.rules.exclusions import closing_day
from gongmo.screening import policies
from gongmo.screening.commands.register_facts import chunks
from gongmo.screening.models import FactRecord
from gongmo.tasks.models import Job

SHOWN = (Register.BUSINESS_STATUS, Register.ACCOUNTS, Register.OUTLINE)
PER_PAGE = 100
SOUND = {Outcome.MATCH, Outcome.UNREGISTERED}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A fact that a register gave, as it counts now: `against` is an officer's or a certificate's other word, which weighs more.

    `basis`: what the day is on which it rests, in words.
    """

    name: Text
    record: FactRecord
    against: FactRecord | None
    basis: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation of one application. `lines` stand in the order of SHOWN, None where that register does not concern it or was not asked."""

    application: Application
    organisation: int
    name: str
    role: Text
    number: str
    corporate_number: str
    invented: bool
    lines: tuple[Line | None, ...]
    facts: tuple[Drawn, ...]

    @property
    def asked(self) -> bool:
        """Whether any register has answered, or should have."""
        return any(line is not None for line in self.lines)

    @property
    def attention(self) -> bool:
        """Whether an officer should look: an answer that is not sound, one that is missing, or a word against another."""
        if any(line is not None and not _sound(line) for line in self.lines):
            return True
        return any(fact.against is not None or fact.record.value != Truth.NO for fact in self.facts)


def _sound(line: Line) -> bool:
    if line.register is Register.BUSINESS_STATUS and line.outcome is Outcome.UNREGISTERED:
        return False
    return line.outcome in SOUND and line.waiting is None


def register_rows(actor: Actor, application: Application) -> list[Row]:
    """The organisations of a submitted application with the numbers that it submitted. Raises NotFound for those who do not oversee reviews."""
    if not policies.oversee(actor, application.call):
        raise NotFound
    value = submitted_value(application)
    roles = {member.organisation_id: member for member in _members([application])}
    found = [
        (member, each.business_number or "", each.corporate_number or "")
        for each in value.organisations
        if (member := roles.get(int(each.id))) is not None
    ]
    return _rows(definition_of(application.call), found)


def register_page(actor: Actor, call: Call, number: str | None) -> Page[Member]:
    """The organisations of all applications under review, a page of them. Raises NotFound for those who do not oversee reviews."""
    if not policies.oversee(actor, call):
        raise NotFound
    members = Member.objects.filter(
        application__call=call,
        application__state=ApplicationState.SUBMITTED,
        application__review__isnull=False,
        state=MemberState.ACCEPTED,
    ).select_related("organisation", "application__region")
    return Paginator(members.order_by("application_id", "id"), PER_PAGE).get_page(number)


def page_rows(definition: Definition, members: Iterable[Member]) -> list[Row]:
    """The rows of a page's members, by their profile's numbers. Five statements."""
    return _rows(
        definition,
        [
            (member, member.organisation.business_number or "", member.organisation.corporate_number)
            for member in members
        ],
    )


def being_asked(call: Call, applications: Iterable[int]) -> bool:
    """Whether a task waits or runs that asks for one of these applications, by itself or with all of its call. Two statements."""
    keys = Application.objects.filter(
        call=call, state=ApplicationState.SUBMITTED, review__isnull=False
    ).order_by("pk")
    wanted = set(chunks(list(keys.values_list("pk", flat=True))))
    wanted.update(key for pk in applications for key in chunks([pk]))
    under_way = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return Job.objects.filter(key__in=wanted, result__status__in=under_way).exists()


def _members(applications: Sequence[Application]) -> list[Member]:
    found = Member.objects.filter(application__in=applications, state=MemberState.ACCEPTED)
    return list(found.select_related("organisation", "application__region"))


def _rows(definition: Definition, members: Sequence[tuple[Member, str, str]]) -> list[Row]:
    lines = last_answers((number for _, *numbers in members for number in numbers), SHOWN)
    facts = _facts(definition, [member for member, _, _ in members])
    roles = {role.id: role.name for role in definition.consortium.roles}
    asks_invented = configuration().invented
    return [
        Row(
            application=member.application,
            organisation=member.organisation_id,
            name=member.organisation.name,
            role=roles[member.role],
            number=number,
            corporate_number=corporate,
            invented=member.organisation.invented and not asks_invented,
            lines=_ordered([*lines.get(number, ()), *lines.get(corporate, ())]),
            facts=tuple(facts.get((member.application_id, member.organisation_id), ())),
        )
        for member, number, corporate in members
    ]


def _ordered(lines: Iterable[Line]) -> tuple[Line | None, ...]:
    by_register = {line.register: line for line in lines}
    return tuple(by_register.get(register) for register in SHOWN)


def _facts(definition: Definition, members: Sequence[Member]) -> dict[tuple[int, int], list[Drawn]]:
    """The facts drawn from registers, the last of each question, with what an officer or a certificate says. One statement."""
    names = {kind.id: kind.name for kind in definition.facts}
    wanted = {(member.application_id, member.organisation_id) for member in members}
    records = FactRecord.objects.filter(application__in={pk for pk, _ in wanted}).order_by("id")
    register: dict[tuple[int, int, str], FactRecord] = {}
    above: dict[tuple[int, int, str], FactRecord] = {}
    for record in records:
        key = (record.application_id, record.organisation_id, record.fact)
        (register if record.source == FactSource.REGISTER else above)[key] = record
    day = closing_day(definition)
    accounts = {kind.id for kind in definition.facts if isinstance(kind.lookup, AccountsLookup)}
    found: dict[tuple[int, int], list[Drawn]] = {}
    for (application, organisation, fact), record in register.items():
        if (application, organisation) not in wanted or fact not in names:
            continue
        word = above.get((application, organisation, fact))
        other = word if word is not None and word.value != record.value else None
        if fact in accounts:
            basis = Text(ko="결산 기준", en="as of the accounts")
        elif record.as_of == day:
            basis = Text(ko="마감일 기준", en="as of the closing day")
        elif record.since is not None:
            basis = Text(ko="등록부가 적은 날짜 기준", en="as of the day that the register names")
        else:
            basis = Text(
                ko="조회한 날 기준(마감일이 아닙니다)", en="as of the day asked, not the closing day"
            )
        found.setdefault((application, organisation), []).append(Drawn(names[fact], record, other, basis))
    return found
