"""From the announcement to the closing instant: consortia form, fill in, hand in; one comes a second too late."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from gongmo.applications import commands as applications
from gongmo.applications.models import Application, Member
from gongmo.applications.values import CONSENTS, CellInput
from gongmo.calls import commands as calls
from gongmo.calls.values import Announcement
from gongmo.definition.application import Cell, Fact, FactSource, Truth
from gongmo.definition.base import OrganisationKind
from gongmo.definition.loader import announcement
from gongmo.definition.model import Definition, DocumentKind
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.kernel.korean import eok, stamp
from gongmo.parties.checks import invented_business_number
from gongmo.parties.models import Organisation
from gongmo.rehearsal import paper, writing
from gongmo.rehearsal.data import Asked, Consortium, Party
from gongmo.rehearsal.play import Part, Play

CONTENT_TYPES = {"ppt": "pptx", "pptx": "pptx"}


def announce(play: Play) -> None:
    """Offices and their people are registered, and the call is published."""
    script = play.script
    for office in (script.ministry, script.agency):
        organisation = play.organisation(office.id, office.name, kind=office.kind)
        for account in office.people:
            play.officer(account, organisation)
    play.officer(script.keeper, None)
    play.at(script.published_at)
    call = play.do(
        calls.publish,
        actor=officer(play),
        definition=play.definition,
        operator_id=play.organisations[script.agency.id].pk,
        rehearsal=True,
        announcement=Announcement(*(announcement(play.loaded.folder, lang) or "" for lang in ("ko", "en"))),
    )
    play.call_id = call.pk
    play.say(play.definition.clauses[0].id, f"‘{call.title_ko}’ 공고를 냈습니다.")


def officer(play: Play, place: int = 0) -> Actor:
    """The agency's officer at that place of its list."""
    return play.actors[play.script.agency.people[place].id]


def take_in(play: Play) -> None:
    """Everything between announcement and closing, in the order of the instants."""
    script = play.script
    parts = [apply(play, consortium) for consortium in script.consortia]
    parts += [ask(play, asked) for asked in script.questions]
    play.run(*parts, correct(play))
    play.at(max(play.now, play.definition.intake.closes + timedelta(hours=1)))
    play.do(calls.close, actor=officer(play), call_id=play.call_id)
    standing = Application.objects.filter(call=play.call_id, state="submitted").count()
    play.say(play.definition.intake.clause, f"접수를 마감했습니다. 제때 제출한 신청은 {standing}건입니다.")
    play.sign_record()


def ask(play: Play, asked: Asked) -> Part:
    """A question of a lead, and the agency's answer."""
    yield asked.at
    question = play.do(
        calls.ask,
        actor=play.actors[f"{asked.by}-lead"],
        call_id=play.call_id,
        title=asked.title,
        body=asked.body,
    )
    yield asked.answered_at
    play.do(
        calls.answer,
        actor=officer(play, 1),
        question_id=question.pk,
        answer=asked.answer,
        public=asked.public,
    )
    play.say(None, f"질문 ‘{asked.title}’에 답했습니다.")


def correct(play: Play) -> Part:
    """A correction notice makes the next version of the call."""
    correction = play.script.correction
    yield correction.at
    version = play.do(
        calls.correct,
        actor=officer(play),
        call_id=play.call_id,
        definition=play.loaded.corrected(),
        reason=correction.reason,
    )
    play.say(None, f"정정공고로 제{version.number}판을 냈습니다.")


def apply(play: Play, consortium: Consortium) -> Part:
    """One consortium: it forms, checks itself, fills in the money, hands in documents, submits."""
    at = consortium.started_at
    yield at
    cast = _cast(play, consortium)
    lead = play.actors[f"{consortium.id}-lead"]
    application = play.do(
        applications.start, actor=lead, call_id=play.call_id, title=consortium.title, region=consortium.region
    )
    play.applications[consortium.id] = application.pk
    own = Member.objects.get(application=application, organisation=lead.organisation or 0)
    members = [(own, lead, consortium.lead)]
    roles = play.definition.consortium
    for number, (party, organisation) in enumerate(cast):
        role = roles.applicant_role if number == 0 else _partner_role(play.definition)
        member = play.do(
            applications.invite,
            actor=lead,
            application_id=application.pk,
            organisation_id=organisation.pk,
            role=role,
        )
        members.append((member, play.actors[_actor_key(consortium, party)], party))
    play.say(roles.clause, f"{consortium.title}: {len(members)}개 기관을 모으기 시작했습니다.")
    yield at + timedelta(days=1)
    facts = _facts(play, consortium)
    for member, actor, party in members:
        if member.pk != own.pk:
            play.do(applications.answer_invitation, actor=actor, member_id=member.pk, accept=True)
        _speak(play, member, actor, facts.get(party.id, {}))
    yield at + timedelta(days=3)
    play.do(
        applications.update_overview,
        actor=lead,
        application_id=application.pk,
        title=consortium.title,
        summary=consortium.summary,
        fields=list(consortium.fields),
    )
    writing.write(
        play,
        play.definition,
        lead,
        application.pk,
        fields=consortium.fields,
        answers={**play.script.answers, **consortium.answers},
        kpis=play.script.kpis,
        words={"government": consortium.government, "lead": consortium.lead.name},
    )
    cells = _cells(play, consortium)
    play.do(applications.set_cells, actor=lead, application_id=application.pk, cells=cells)
    yield at + timedelta(days=5)
    buyers = _buyers(play.definition, cells)
    for member, actor, _ in members:
        if member.organisation_id in buyers:
            play.do(applications.set_buys_assets, actor=actor, member_id=member.pk, value=True)
    hand_in(play, play.definition, application.pk, lead, consortium.title)
    yield consortium.submitted_at
    _submit(play, consortium, lead, application.pk)


def _submit(play: Play, consortium: Consortium, lead: Actor, application_id: int) -> None:
    received = play.now
    clause = play.definition.intake.clause
    try:
        submission = play.do(applications.submit, actor=lead, application_id=application_id)
    except Refused as refusal:
        if refusal.code != consortium.refused:
            raise
        play.say(clause, f"{consortium.title}: 받지 않았습니다. {refusal.ko}")
        return
    if consortium.refused is not None:
        raise RuntimeError(f"{consortium.id} was taken in and should have been refused")
    total = sum(cell.amount for cell in _cells(play, consortium))
    play.say(
        clause,
        f"{consortium.title}: {stamp(received, seconds=True)} 접수, {submission.receipt_number}, 총사업비 {eok(total)}원",
    )


# --- Who takes part -------------------------------------------------------------------------------------------------
def parties_of(play: Play, consortium: Consortium) -> list[Party]:
    """Government first, then the partners; from the application file where the script names one."""
    government = Party(
        id="government",
        name=consortium.government,
        kind=OrganisationKind.METROPOLITAN_GOVERNMENT,
        region=consortium.region,
        invented=consortium.government.startswith("가상 "),
    )
    if consortium.application is None:
        return [government, *consortium.partners]
    known = {consortium.government, consortium.lead.name}
    others = [
        Party(
            id=organisation.id,
            name=f"{consortium.partner_prefix}{organisation.name}",
            kind=organisation.kind,
            region=organisation.region,
            founded_on=organisation.founded_on,
        )
        for organisation in play.loaded.application(consortium.application).organisations
        if organisation.name not in known
    ]
    return [government, *others]


def partner_of(play: Play, key: str, place: int) -> Organisation:
    """The organisation of a consortium's partner at that place (from 0)."""
    consortium = play.script.consortium(key)
    party = parties_of(play, consortium)[1 + place]
    return play.organisations[_actor_key(consortium, party)]


def _actor_key(consortium: Consortium, party: Party) -> str:
    return f"{consortium.id}-{party.id}"


def _cast(play: Play, consortium: Consortium) -> list[tuple[Party, Organisation]]:
    """Register the consortium's organisations and one person for each. Answers government and partners."""
    _register(play, consortium, consortium.lead, f"{consortium.id}-lead")
    return [
        (party, _register(play, consortium, party, _actor_key(consortium, party)))
        for party in parties_of(play, consortium)
    ]


def _register(play: Play, consortium: Consortium, party: Party, key: str) -> Organisation:
    number = next(play.number)
    organisation = play.organisation(
        key,
        party.name,
        kind=party.kind,
        region=party.region or consortium.region,
        founded_on=party.founded_on,
        # Real organisations get no number of ours: only invented ones carry an invented number.
        business_number=invented_business_number(number) if party.invented else None,
        invented=party.invented,
    )
    play.member(key, organisation, play.script.contact_name)
    return organisation


def _partner_role(definition: Definition) -> str:
    taken = {definition.consortium.lead_role, definition.consortium.applicant_role}
    return next(role.id for role in definition.consortium.roles if role.id not in taken)


# --- What they say --------------------------------------------------------------------------------------------------
def _facts(play: Play, consortium: Consortium) -> dict[str, dict[str, Fact]]:
    if consortium.application is None:
        return {}
    return {
        organisation.id: dict(organisation.facts)
        for organisation in play.loaded.application(consortium.application).organisations
    }


def _speak(play: Play, member: Member, actor: Actor, facts: dict[str, Fact]) -> None:
    for kind in play.definition.facts:
        fact = facts.get(kind.id)
        if fact is not None and fact.source is not FactSource.SELF:
            # What a register or a certificate says is not the organisation's own word.
            fact = None
        play.do(
            applications.declare,
            actor=actor,
            member_id=member.pk,
            fact=kind.id,
            value=fact.value if fact else Truth.NO,
            follow_up=fact.follow_up if fact else None,
            earlier_ended_on=fact.earlier_ended_on if fact else None,
        )
    for consent in CONSENTS:
        if consent.required:
            play.do(applications.consent, actor=actor, member_id=member.pk, kind=consent.id, given=True)


# --- Money ----------------------------------------------------------------------------------------------------------
def _cells(play: Play, consortium: Consortium) -> list[CellInput]:
    if consortium.application is None:
        return _from_pattern(play, consortium)
    application = play.loaded.application(consortium.application)
    ids = {organisation.id: organisation for organisation in application.organisations}

    def organisation_of(cell: Cell) -> int:
        found = ids[cell.organisation]
        if found.name == consortium.government:
            return play.organisations[f"{consortium.id}-government"].pk
        if found.name == consortium.lead.name:
            return play.organisations[f"{consortium.id}-lead"].pk
        return play.organisations[f"{consortium.id}-{found.id}"].pk

    return [
        CellInput(
            organisation_of(cell),
            cell.year,
            cell.field,
            cell.category,
            cell.source,
            cell.form,
            cell.amount,
            cell.direct_support,
        )
        for cell in application.budget
    ]


def _from_pattern(play: Play, consortium: Consortium) -> list[CellInput]:
    """The script's pattern applied to the consortium's totals; what rounding leaves goes to each source's first line."""
    if consortium.money is None:
        raise ValueError(f"{consortium.id} has neither money nor an application file")
    totals: dict[str, int] = consortium.money.model_dump()
    made: list[CellInput] = []
    given: Counter[str] = Counter()
    for share in play.script.budget:
        if share.by in ("lead", "government"):
            organisation = play.organisations[f"{consortium.id}-{share.by}"]
        else:
            organisation = partner_of(play, consortium.id, int(share.by.removeprefix("partner-")))
        for year, percent in share.percent.items():
            amount = totals[share.source] * percent // 100
            given[share.source] += amount
            made.append(
                CellInput(
                    organisation.pk,
                    year,
                    share.field,
                    share.category,
                    share.source,
                    share.form,
                    amount,
                    share.direct_support,
                )
            )
    for source, total in totals.items():
        if left := total - given[source]:
            place = next(index for index, cell in enumerate(made) if cell.source == source)
            first = made[place]
            made[place] = CellInput(
                first.organisation_id,
                first.year,
                first.field,
                first.category,
                first.source,
                first.form,
                first.amount + left,
                first.direct_support,
            )
    return made


def _buyers(definition: Definition, cells: Iterable[CellInput]) -> set[int]:
    assets = {category.id for category in definition.budget.categories if category.asset}
    return {cell.organisation_id for cell in cells if cell.category in assets and cell.amount}


# --- Documents ------------------------------------------------------------------------------------------------------
def hand_in(play: Play, definition: Definition, application_id: int, lead: Actor, title: str) -> None:
    """Every document that is due, as a small real file."""
    members = list(
        Member.objects.filter(application=application_id, state="accepted").select_related("organisation")
    )
    for kind in definition.documents:
        owing: list[Member | None] = [None]
        if kind.per == "organisation":
            owing = [
                member
                for member in members
                if member.role in kind.roles and (kind.when.kind != "buys_assets" or member.buys_assets)
            ]
        for member in owing:
            _attach(play, application_id, lead, title, kind, member)


def _attach(
    play: Play, application_id: int, lead: Actor, title: str, kind: DocumentKind, member: Member | None
) -> None:
    whose = member.organisation.name if member is not None else lead.organisation_name
    extension = CONTENT_TYPES.get(kind.formats[0], "pdf")
    make = paper.slides if extension == "pptx" else paper.pdf
    play.do(
        applications.attach,
        actor=lead,
        application_id=application_id,
        kind=kind.id,
        name=f"{kind.name.ko}_{whose}.{extension}",
        stream=make(kind.name.ko, (title, whose)),
        member_id=member.pk if member is not None else None,
    )
