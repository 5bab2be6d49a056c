"""Who applies: the applicant's region, the roles and kinds of a consortium, and that its names fit together."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from gongmo.definition.application import Application, Organisation
from gongmo.definition.base import OrganisationKind, Severity, Text
from gongmo.definition.model import Definition
from gongmo.definition.rules import AllowedKinds, ApplicantRegions, RequiredRole
from gongmo.kernel.korean import day, particle
from gongmo.rules.exclusions import closing_day
from gongmo.rules.finding import Finding, Status
from gongmo.rules.regions import RegionTable
from gongmo.rules.values import APPLICATION, Ground, listed, organisation_subject, text

KINDS = {
    OrganisationKind.METROPOLITAN_GOVERNMENT: text(
        "광역지방자치단체", "metropolitan or provincial government"
    ),
    OrganisationKind.BASIC_GOVERNMENT: text("기초지방자치단체", "basic local government"),
    OrganisationKind.REGIONAL_INNOVATION_AGENCY: text("지역혁신기관", "regional innovation agency"),
    OrganisationKind.UNIVERSITY: text("대학", "university"),
    OrganisationKind.RESEARCH_INSTITUTE: text("연구기관", "research institute"),
    OrganisationKind.COMPANY: text("기업", "company"),
    OrganisationKind.PUBLIC_INSTITUTION: text("공공기관", "public institution"),
    OrganisationKind.ASSOCIATION: text("협회·단체", "association"),
    OrganisationKind.OTHER: text("기타", "other"),
}


def check_consortium(
    definition: Definition, application: Application, *, regions: RegionTable | None = None
) -> tuple[Finding, ...]:
    """The names of the application (and, as advice, answers and arrivals that nothing asks for), then the definition's rules on regions, roles and kinds, in its order.

    `regions` lets a region be valid on the closing day only; without it the codes of the rule decide alone.
    """
    found = [*_names(definition, application), *_loose(definition, application)]
    for rule in definition.rules:
        if isinstance(rule, ApplicantRegions):
            found += _regions(definition, application, rule, regions)
        elif isinstance(rule, RequiredRole):
            found.append(_required_role(definition, application, rule))
        elif isinstance(rule, AllowedKinds):
            found += _allowed_kinds(definition, application, rule)
    return tuple(found)


def _kinds(kinds: tuple[OrganisationKind, ...]) -> Text:
    return text("·".join(KINDS[kind].ko for kind in kinds), ", ".join(KINDS[kind].en for kind in kinds))


def _roles(definition: Definition, roles: tuple[str, ...]) -> Text:
    names = [role.name for role in definition.consortium.roles if role.id in roles]
    return text("·".join(name.ko for name in names), ", ".join(name.en for name in names))


def _names(definition: Definition, application: Application) -> Iterator[Finding]:
    """That the application belongs to this call, and that roles, fields and organisation ids are usable."""
    ground = Ground.under("names", text("신청서의 이름", "Names in the application"), definition.consortium)
    required = text("공고에 있는 이름만, 기관은 한 번씩", "only names of the call, each organisation once")
    roles = [role.id for role in definition.consortium.roles]
    fields = [field.id for field in definition.fields]
    faults: list[tuple[Organisation | None, Text, Text]] = []
    if application.call != definition.id:
        faults.append(
            (
                None,
                text(
                    f"이 신청서는 다른 공고({application.call})의 것입니다. 이 공고는 {definition.id}입니다.",
                    f"This application belongs to the call {application.call}, not to {definition.id}.",
                ),
                text(
                    f"call을 {particle(definition.id, '으로', '로')} 적어 주세요.",
                    f"Write {definition.id} as the call.",
                ),
            )
        )
    for name in application.fields:
        if name not in fields:
            faults.append(
                (
                    None,
                    text(
                        f"‘{particle(name + '’', '은', '는')} 이 공고의 지원 분야가 아닙니다.",
                        f"‘{name}’ is not a field of this call.",
                    ),
                    text(
                        f"다음 가운데 골라 주세요: {', '.join(fields)}.",
                        f"Choose among: {', '.join(fields)}.",
                    ),
                )
            )
    counted = Counter(organisation.id for organisation in application.organisations)
    told: set[str] = set()
    for organisation in application.organisations:
        if counted[organisation.id] > 1 and organisation.id not in told:
            told.add(organisation.id)
            faults.append(
                (
                    organisation,
                    text(
                        f"기관 id ‘{organisation.id}’가 {counted[organisation.id]}번 나옵니다.",
                        f"The organisation id ‘{organisation.id}’ stands {counted[organisation.id]} times.",
                    ),
                    text("기관마다 다른 id를 적어 주세요.", "Give every organisation its own id."),
                )
            )
        if organisation.role not in roles:
            faults.append(
                (
                    organisation,
                    text(
                        f"{organisation.name}의 {particle(f'역할 ‘{organisation.role}’', '은', '는')} 이 공고에 없습니다.",
                        f"{organisation.name} has the role ‘{organisation.role}’, which this call does not have.",
                    ),
                    text(
                        f"다음 가운데 골라 주세요: {', '.join(roles)}.", f"Choose among: {', '.join(roles)}."
                    ),
                )
            )
    for subject, message, remedy in faults:
        yield ground.finding(
            Status.FAIL,
            organisation_subject(subject) if subject else APPLICATION,
            observed=message,
            required=required,
            message=message,
            remedy=remedy,
        )
    if not faults:
        count = len(application.organisations)
        yield ground.finding(
            Status.PASS,
            APPLICATION,
            observed=text(f"기관 {count:,}곳", f"{count:,} organisations"),
            required=required,
            message=text(
                "신청서의 이름이 모두 공고와 맞습니다.", "Every name in the application fits the call."
            ),
            numbers={"organisations": count},
        )


def _loose(definition: Definition, application: Application) -> Iterator[Finding]:
    """Answers, arrivals and demanded proof under names that the call or the consortium does not have: advice, as nothing reads them."""
    facts = {fact.id for fact in definition.facts}
    members = {organisation.id: organisation for organisation in application.organisations}
    channels = {channel.id for channel in definition.intake.channels}
    loose: list[tuple[Organisation | None, str]] = [
        (organisation, name)
        for organisation in application.organisations
        for name in organisation.facts
        if name not in facts
    ]
    loose += [(None, arrival.channel) for arrival in application.arrivals if arrival.channel not in channels]
    for demand in application.proof_demands:
        if demand.organisation not in members:
            loose.append((None, demand.organisation))
        if demand.fact not in facts:
            loose.append((members.get(demand.organisation), demand.fact))
    ground = Ground.under(
        "loose_names",
        text("쓰이지 않는 이름", "Names that nothing reads"),
        definition.consortium,
        severity=Severity.ADVISORY,
    )
    for organisation, name in loose:
        yield ground.finding(
            Status.FAIL,
            organisation_subject(organisation) if organisation else APPLICATION,
            observed=text(name, name),
            required=text("공고와 컨소시엄에 있는 이름", "a name of the call or the consortium"),
            message=text(
                f"‘{particle(name + '’', '은', '는')} 이 공고나 컨소시엄에 없는 이름이어서 판단에 쓰지 않았습니다.",
                f"‘{name}’ is a name that this call or consortium does not have; it was not used.",
            ),
            remedy=text("이름을 확인해 고치거나 지워 주세요.", "Check the name: mend or remove it."),
            numbers={"name": name},
        )


def _regions(
    definition: Definition, application: Application, rule: ApplicantRegions, table: RegionTable | None
) -> Iterator[Finding]:
    ground, on = Ground.of(rule), closing_day(definition)
    allowed = rule.regions
    if rule.from_parent and application.parent_region is not None:
        # An agreement outlives its region: what followed the region on the closing day counts as well.
        parent = application.parent_region
        allowed = tuple(dict.fromkeys((parent, *(table.now_valid(parent, on) if table else ()))))
    names = [_region(table, code) for code in allowed]
    listed_ko, listed_en = (", ".join(getattr(name, side) for name in names[:20]) for side in ("ko", "en"))
    required = text(
        f"{day(on)}에 있는 지역: {listed_ko or '-'}", f"a region valid on {on}: {listed_en or '-'}"
    )
    members = [item for item in application.organisations if item.role == rule.role]
    role = _roles(definition, (rule.role,))
    if not members:
        yield ground.finding(
            Status.UNKNOWN,
            APPLICATION,
            observed=text("기관 없음", "no organisation"),
            required=required,
            message=text(
                f"{particle(role.ko, '이', '가')} 없어 지역을 확인할 수 없습니다.",
                f"There is no {role.en} whose region could be judged.",
            ),
            remedy=text(f"{particle(role.ko, '을', '를')} 등록해 주세요.", f"Add the {role.en}."),
        )
    for organisation in members:
        status, message, remedy = _region_verdict(
            definition, application, organisation, allowed, table, on, from_parent=rule.from_parent
        )
        code = _code_of(definition, application, organisation)
        seen = _region(table, code) if code else text("미확인", "not known")
        yield ground.finding(
            status,
            organisation_subject(organisation),
            observed=seen,
            required=required,
            message=message,
            remedy=remedy,
            numbers={"region": code, "allowed": list(allowed), "on": on.isoformat()},
        )


def _region(table: RegionTable | None, code: str) -> Text:
    return text(code, code) if table is None else table.name(code)


def _code_of(definition: Definition, application: Application, organisation: Organisation) -> str | None:
    if organisation.region is None and organisation.role == definition.consortium.applicant_role:
        return application.region
    return organisation.region


def _region_verdict(
    definition: Definition,
    application: Application,
    organisation: Organisation,
    allowed: tuple[str, ...],
    table: RegionTable | None,
    on: date,
    *,
    from_parent: bool,
) -> tuple[Status, Text, Text | None]:
    code, name = _code_of(definition, application, organisation), organisation.name
    if code is None or (from_parent and not allowed):
        return (
            Status.UNKNOWN,
            text(
                f"{name}의 지역이나 상위 협약의 지역을 아직 모릅니다.",
                f"The region of {name} or of the parent agreement is not known yet.",
            )
            if from_parent
            else text(f"{name}의 지역을 아직 모릅니다.", f"The region of {name} is not known yet."),
            text("지역 코드를 적어 주세요.", "Give the region's code."),
        )
    region = table.get(code) if table is not None else None
    shown = _region(table, code)
    if table is not None and region is None:
        return (
            Status.UNKNOWN,
            text(
                f"{name}의 지역 코드({code})를 지역 표에서 찾을 수 없습니다.",
                f"The region code {code} of {name} is not in the table.",
            ),
            text("지역 코드를 확인해 주세요.", "Check the region's code."),
        )
    if table is not None and region is not None and not region.valid_on(on):
        now = [table.name(successor) for successor in table.now_valid(code, on)]
        ko = f" 지금은 {', '.join(item.ko for item in now)}입니다." if now else ""
        en = f" It is now {', '.join(item.en for item in now)}." if now else ""
        return (
            Status.FAIL,
            text(
                f"{particle(shown.ko, '은', '는')} {day(on)}에 없는 지역입니다.{ko}",
                f"{shown.en} is not a region on {on}.{en}",
            ),
            text("마감일에 있는 지역으로 적어 주세요.", "Name the region that exists on the closing day."),
        )
    if code not in allowed:
        return (
            Status.FAIL,
            text(
                f"{name}의 지역({shown.ko})은 신청할 수 있는 지역이 아닙니다.",
                f"{name}: {shown.en} is not among the regions that may apply.",
            ),
            text(
                "신청할 수 있는 지역의 기관으로 바꿔 주세요.",
                "Apply with an organisation of a region that may.",
            ),
        )
    if (
        organisation.role == definition.consortium.applicant_role
        and application.region is not None
        and application.region != code
    ):
        other = _region(table, application.region)
        return (
            Status.FAIL,
            text(
                f"신청서의 지역({other.ko})과 {name}의 지역({shown.ko})이 다릅니다.",
                f"The application names {other.en}, but {name} belongs to {shown.en}.",
            ),
            text(
                "개요의 ‘신청 지역’을 그 기관의 지역으로 고치거나, 신청하는 지역의 기관을 초대해 주세요.",
                "Change the region in the overview to that of the organisation, or invite the one of the region that applies.",
            ),
        )
    return (
        Status.PASS,
        text(f"{name}의 지역({shown.ko})은 신청할 수 있는 지역입니다.", f"{name}: {shown.en} may apply."),
        None,
    )


def _required_role(definition: Definition, application: Application, rule: RequiredRole) -> Finding:
    members = [
        item
        for item in application.organisations
        if item.role in rule.roles and (rule.kinds is None or item.kind in rule.kinds)
    ]
    count, role = len(members), _roles(definition, rule.roles)
    kinds = _kinds(rule.kinds) if rule.kinds else None
    told = kinds is not None and kinds.ko != role.ko
    what = text(f"{role.ko}({kinds.ko})", f"{role.en} ({kinds.en})") if kinds and told else role
    if rule.at_most == rule.at_least:
        bounds = text(f"꼭 {rule.at_least:,}곳", f"exactly {rule.at_least:,}")
    elif rule.at_most is None:
        bounds = text(f"{rule.at_least:,}곳 이상", f"at least {rule.at_least:,}")
    else:
        bounds = text(
            f"{rule.at_least:,}곳 이상 {rule.at_most:,}곳 이하",
            f"at least {rule.at_least:,}, at most {rule.at_most:,}",
        )
    required = text(f"{what.ko} {bounds.ko}", f"{what.en}: {bounds.en}")
    remedy: Text | None = None
    if count < rule.at_least:
        status, gap = Status.FAIL, rule.at_least - count
        because = text(f"{gap:,}곳이 모자랍니다", f"{gap:,} missing")
        remedy = text(f"{particle(what.ko, '을', '를')} {gap:,}곳 더해 주세요.", f"Add {gap:,}: {what.en}.")
    elif rule.at_most is not None and count > rule.at_most:
        status, gap = Status.FAIL, count - rule.at_most
        because = text(f"{gap:,}곳이 많습니다", f"{gap:,} too many")
        remedy = text(
            f"{particle(what.ko, '을', '를')} {gap:,}곳 줄여 주세요.", f"Remove {gap:,}: {what.en}."
        )
    else:
        status, because = Status.PASS, text("요건에 맞습니다", "as required")
    names = listed([item.name for item in members])
    return Ground.of(rule).finding(
        status,
        APPLICATION,
        observed=text(f"{count:,}곳: {names.ko}", f"{count:,}: {names.en}")
        if members
        else text("0곳", "none"),
        required=required,
        message=text(
            f"{particle(what.ko, '은', '는')} {particle(bounds.ko, '이어야', '여야')} 합니다. 지금은 {count:,}곳이며 {because.ko}.",
            f"{what.en}: {bounds.en} required, {count:,} found; {because.en}.",
        ),
        remedy=remedy,
        numbers={"count": count, "at_least": rule.at_least, "at_most": rule.at_most},
    )


def _allowed_kinds(definition: Definition, application: Application, rule: AllowedKinds) -> Iterator[Finding]:
    ground, kinds = Ground.of(rule), _kinds(rule.kinds)
    role = _roles(definition, rule.roles)
    required = text(f"{role.ko}: {kinds.ko}", f"{role.en}: {kinds.en}")
    members = [item for item in application.organisations if item.role in rule.roles]
    wrong = [item for item in members if item.kind not in rule.kinds]
    for organisation in wrong:
        kind = KINDS[organisation.kind]
        yield ground.finding(
            Status.FAIL,
            organisation_subject(organisation),
            observed=kind,
            required=required,
            message=text(
                f"{particle(organisation.name, '은', '는')} {particle(kind.ko, '이라서', '라서')} {role.ko} 역할을 맡을 수 없습니다.",
                f"{organisation.name} is a {kind.en} and cannot take the role of {role.en}.",
            ),
            remedy=text(
                f"{role.ko} 역할은 {kinds.ko} 가운데에서 맡겨 주세요.",
                f"Give the role to one of: {kinds.en}.",
            ),
            numbers={"kind": organisation.kind.value, "allowed": [item.value for item in rule.kinds]},
        )
    if not wrong:
        yield ground.finding(
            Status.PASS if members else Status.NOT_APPLICABLE,
            APPLICATION,
            observed=text(f"{len(members):,}곳 모두 해당", f"all {len(members):,}")
            if members
            else text("기관 없음", "no organisation"),
            required=required,
            message=text(
                f"{role.ko} {len(members):,}곳의 기관 유형이 모두 맞습니다."
                if members
                else f"{role.ko} 역할의 기관이 없습니다.",
                f"All {len(members):,} organisations are of an allowed kind."
                if members
                else f"There is no organisation as {role.en}.",
            ),
            numbers={"count": len(members)},
        )
