"""Starting an application, its overview, and going back to a kept version."""

from django.db import IntegrityError, transaction

from gongmo.applications.commands.base import changed, keep_version, locked, require_editable
from gongmo.applications.models import Application, BudgetCell, DraftVersion, Member
from gongmo.applications.policies import PRESENT, may_edit, may_start
from gongmo.applications.queries.versions import content_of
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of, takes_applications
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import stamp
from gongmo.ledger.commands import append
from gongmo.parties.models import Organisation, Region

OVERVIEW = "개요를 저장함"
SUMMARY_LIMIT = 10_000


def start(*, actor: Actor, call_id: int, title: str, region: str | None = None) -> Application:
    """Start an application for the actor's organisation, which becomes its lead and has joined at once.

    `region` is the region's code; the organisation's own when not given. Refused: outside the intake, a second
    application of the same organisation to the same call.
    """
    title = _title(title)
    with transaction.atomic():
        call = Call.objects.select_related("version").filter(pk=call_id).first()
        if call is None:
            raise NotFound
        may_start.require(actor, call)
        now = clock.now()
        if not takes_applications(call, now):
            raise Refused(
                "call_not_open",
                f"접수 기간이 아닙니다. 접수는 {stamp(call.opens_at)}부터 {stamp(call.closes_at)} 전까지입니다.",
                f"Applications are taken from {stamp(call.opens_at)} until before {stamp(call.closes_at)} (Seoul).",
                details={"opens_at": call.opens_at.isoformat(), "closes_at": call.closes_at.isoformat()},
            )
        lead = Organisation.objects.get(pk=actor.organisation or 0)
        code = region or lead.region_id
        if code is not None and not Region.objects.filter(pk=code).exists():
            raise BadInput(
                "region_unknown", "지역을 다시 골라 주세요.", "Choose the region again.", field="region"
            )
        application = _create(call, lead, title, code)
        application.call = call
        Member.objects.create(
            application=application,
            organisation=lead,
            role=definition_of(call).consortium.lead_role,
            state=MemberState.ACCEPTED,
            invited_at=now,
            answered_at=now,
            answered_by_id=actor.person,
        )
        keep_version(actor, application, "신청을 시작함")
        append(
            actor=actor,
            act="applications.start",
            subject=("application", application.pk),
            call=call.slug,
            payload={"lead": lead.pk, "region": code, "title": title, "revision": 1},
        )
    return application


def _create(call: Call, lead: Organisation, title: str, region: str | None) -> Application:
    now = clock.now()
    try:
        with transaction.atomic():
            return Application.objects.create(
                call=call, lead=lead, region_id=region, title=title, created_at=now, changed_at=now
            )
    except IntegrityError as error:
        existing = Application.objects.filter(call=call, lead=lead).values_list("pk", flat=True).first()
        if existing is None:
            raise
        raise Refused(
            "application_exists",
            "이 공고에 이미 시작한 신청서가 있습니다. ‘내 신청’에서 이어서 작성해 주세요.",
            "Your organisation has already started an application to this call. Go on with it under “My applications”.",
            details={"application": existing},
        ) from error


def update_overview(
    *,
    actor: Actor,
    application_id: int,
    title: str,
    summary: str,
    fields: list[str],
    revision: int | None = None,
) -> Application:
    """Change title, summary and fields of support.

    `revision` is the application's revision that the writer saw: refused when somebody has saved the overview since.
    """
    title = _title(title)
    # Forms send each line's end as two letters, while browsers (and people) count one.
    summary = summary.replace("\r\n", "\n").strip()
    if len(summary) > SUMMARY_LIMIT:
        raise BadInput(
            "summary_too_long",
            f"개요는 {SUMMARY_LIMIT:,}자 안으로 적어 주세요. 지금은 {len(summary):,}자입니다.",
            f"Keep the summary within {SUMMARY_LIMIT:,} letters; it has {len(summary):,}.",
            field="summary",
        )
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        if revision is not None:
            _require_fresh(application, revision)
        application.title = title
        application.summary = summary
        application.fields = _fields(definition_of(application.call), fields)
        changed(
            actor,
            application,
            "applications.update_overview",
            {"title": title, "fields": application.fields},
            keep=OVERVIEW,
            columns=("title", "summary", "fields"),
        )
    return application


def restore_version(*, actor: Actor, application_id: int, revision: int) -> Application:
    """Bring back title, summary, fields and money of a kept version, as a new revision. Nothing of later versions is lost.

    Money of organisations that are no longer in the consortium stays out. Self-checks, consents and documents are acts
    of their own and stay as they are.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        version = DraftVersion.objects.filter(application=application, revision=revision).first()
        if version is None:
            raise NotFound
        value, summary = content_of(version)
        definition = definition_of(application.call)
        known = {field.id for field in definition.fields}
        application.title, application.summary = value.title, summary
        application.fields = [field for field in value.fields if field in known]
        present = set(
            Member.objects.filter(application=application, state__in=PRESENT).values_list(
                "organisation_id", flat=True
            )
        )
        application.cells.all().delete()
        BudgetCell.objects.bulk_create(
            [
                BudgetCell(
                    application=application,
                    organisation_id=int(cell.organisation),
                    year=cell.year,
                    field=cell.field,
                    category=cell.category,
                    source=cell.source,
                    form=cell.form,
                    amount=cell.amount,
                    direct_support=cell.direct_support,
                )
                for cell in value.budget
                if int(cell.organisation) in present
            ]
        )
        changed(
            actor,
            application,
            "applications.restore_version",
            {"restored": revision, "sha256": version.sha256},
            keep=f"{revision}번째 저장본으로 되돌림",
            columns=("title", "summary", "fields"),
        )
    return application


def _title(value: str) -> str:
    title = " ".join(value.split())
    if not title:
        raise BadInput(
            "title_missing", "사업명을 적어 주세요.", "Give the application a title.", field="title"
        )
    if len(title) > 300:
        raise BadInput(
            "title_too_long",
            f"사업명은 300자 안으로 적어 주세요. 지금은 {len(title):,}자입니다.",
            f"Keep the title within 300 letters; it has {len(title):,}.",
            field="title",
        )
    return title


def _fields(definition: Definition, given: list[str]) -> list[str]:
    known = [field.id for field in definition.fields]
    strange = [name for name in given if name not in known]
    if strange:
        raise BadInput(
            "field_unknown",
            "지원 분야를 다시 골라 주세요.",
            "Choose the fields of support again.",
            field="fields",
            details={"unknown": strange},
        )
    return [name for name in known if name in given]


def _require_fresh(application: Application, revision: int) -> None:
    later = (
        DraftVersion.objects.filter(
            application=application,
            revision__gt=revision,
            what=OVERVIEW,
        )
        .select_related("saved_by")
        .order_by("-revision")
        .first()
    )
    if later is None:
        return
    who = later.saved_by.display_name if later.saved_by else ""
    when = later.saved_at.astimezone(SEOUL).strftime("%H:%M:%S")
    raise Refused(
        "application_stale",
        f"그사이 {who or '다른 사람'}님이 {when}에 개요를 저장했습니다. 바뀐 내용을 보고 다시 저장해 주세요.",
        f"{who or 'Somebody else'} saved the overview at {when}. Look at what changed and save again.",
        details={"revision": application.revision, "saved_at": later.saved_at.isoformat()},
    )
