"""The consortium of an agreement as it stands, or as a change would have it, as the plain value that the call's rules judge."""

from collections.abc import Iterable

from gongmo.applications.models import Application
from gongmo.awards.content import Content
from gongmo.awards.models import Agreement, AgreementParty, PartyChange
from gongmo.definition.application import Application as Value
from gongmo.definition.application import Fact, FactSource
from gongmo.definition.application import Organisation as PlainOrganisation
from gongmo.definition.base import OrganisationKind, Severity
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.parties.models import Organisation
from gongmo.parties.queries import region_table
from gongmo.rules.check import check_consortium, exclusion_verdicts
from gongmo.rules.finding import Finding, Status
from gongmo.rules.money import check_money
from gongmo.screening.judgement import screened_value
from gongmo.screening.lookups import Told


def plain(organisation: Organisation, role: str, facts: dict[str, Fact]) -> PlainOrganisation:
    """An organisation in a role, as the rules see it."""
    return PlainOrganisation(
        id=str(organisation.pk),
        name=organisation.name,
        role=role,
        kind=OrganisationKind(organisation.kind),
        region=organisation.region_id,
        business_number=organisation.business_number or None,
        corporate_number=organisation.corporate_number or None,
        founded_on=organisation.founded_on,
        facts=facts,
    )


def facts_said(change: PartyChange) -> dict[str, Fact]:
    """What a newcomer answered on exclusions."""
    return {name: Fact.model_validate(given, strict=False) for name, given in change.facts.items()}


def standing_value(agreement: Agreement) -> Value:
    """The submission as it was screened, with the organisations that left taken out and those that joined put in. Few queries."""
    value = screened_value(agreement.application)
    gone = {
        str(pk)
        for pk in AgreementParty.everyone.filter(agreement=agreement)
        .exclude(left_at=None)
        .values_list("organisation_id", flat=True)
    }
    standing = dict(
        AgreementParty.objects.filter(agreement=agreement, pending=False).values_list(
            "organisation_id", "role"
        )
    )
    stay = tuple(each for each in value.organisations if each.id not in gone)
    here = {each.id for each in stay}
    changes = PartyChange.objects.filter(
        amendment__agreement=agreement, amendment__version__isnull=False, joining__in=standing
    ).select_related("joining")
    # Of one that came, left and came again the last answers count.
    newest = {each.joining_id: each for each in changes.order_by("pk")}
    joined = [
        plain(each.joining, standing[each.joining.pk], facts_said(each))
        for each in newest.values()
        if each.joining is not None and str(each.joining.pk) not in here
    ]
    return value.model_copy(update={"organisations": (*stay, *joined)})


def changed_value(value: Value, change: PartyChange, after: Content) -> Value:
    """The value as the change would have it, with the money of the content that it leads to."""
    organisations = [each for each in value.organisations if each.id != str(change.leaving_id or "")]
    if change.joining is not None:
        organisations.append(plain(change.joining, change.role, facts_said(change)))
    return value.model_copy(update={"organisations": tuple(organisations), "budget": after.budget})


def party_findings(
    agreement: Agreement, definition: Definition, change: PartyChange, before: Content, after: Content
) -> tuple[Finding, ...]:
    """What the call's rules on consortium, exclusions and money say against a change of the parties: failed or unknown, and blocking.

    What was broken before already is not held against it. The newcomer is judged as of today, not on the closing day of the call.
    """
    value = standing_value(agreement)
    today = clock.now().astimezone(clock.SEOUL).date()

    def judged(each: Value) -> Iterable[Finding]:
        yield from check_consortium(definition, each, regions=region_table())
        yield from exclusion_verdicts(definition, each, on=today)
        yield from check_money(definition, each)

    broken = {
        (finding.rule, str(finding.subject))
        for finding in judged(value.model_copy(update={"budget": before.budget}))
        if finding.status in (Status.FAIL, Status.UNKNOWN)
    }
    return tuple(
        finding
        for finding in judged(changed_value(value, change, after))
        if finding.status in (Status.FAIL, Status.UNKNOWN)
        and finding.severity is Severity.BLOCKING
        and (finding.rule, str(finding.subject)) not in broken
    )


def with_told(application: Application, standing: Value, told: Iterable[Told]) -> Value:
    """The standing consortium as registers now tell of it. What they tell of those who applied is among the review's facts already (`standing`
    is read anew for them); of those who joined later it is put in, above their own answers."""
    screened = {each.id: each for each in screened_value(application).organisations}
    heard: dict[str, dict[str, Fact]] = {}
    for each in told:
        if str(each.organisation) not in screened:
            heard.setdefault(str(each.organisation), {})[each.kind.id] = Fact(
                value=each.drawn.value,
                as_of=each.drawn.as_of,
                source=FactSource.REGISTER,
                since=each.drawn.since,
            )
    return standing.model_copy(
        update={
            "organisations": tuple(
                screened[each.id]
                if each.id in screened
                else each.model_copy(update={"facts": {**each.facts, **heard.get(each.id, {})}})
                for each in standing.organisations
            )
        }
    )
