"""Starting an application, and its overview as a whole."""

from django.db import IntegrityError, transaction

from gongmo.applications.commands.autosave import write_values
from gongmo.applications.commands.base import keep_version, locked, require_editable
from gongmo.applications.fields.base import Place
from gongmo.applications.fields.own import clean_title
from gongmo.applications.models import Application, Member
from gongmo.applications.policies import may_edit, may_start
from gongmo.applications.states import MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of, takes_applications
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.kernel.korean import stamp
from gongmo.ledger.commands import append
from gongmo.parties.models import Organisation, Region

OVERVIEW = "개요를 저장함"


def start(*, actor: Actor, call_id: int, title: str, region: str | None = None) -> Application:
    """Start an application for the actor's organisation, which becomes its lead and has joined at once.

    `region` is the region's code; the organisation's own when not given. Refused: outside the intake, a second
    application of the same organisation to the same call.
    """
    with transaction.atomic():
        call = Call.objects.select_related("version").filter(pk=call_id).first()
        if call is None:
            raise NotFound
        may_start.require(actor, call)
        title = clean_title(title)
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
        application = _create(call, lead, title, code, actor.person)
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


def _create(
    call: Call, lead: Organisation, title: str, region: str | None, person: int | None
) -> Application:
    now = clock.now()
    try:
        with transaction.atomic():
            return Application.objects.create(
                call=call,
                lead=lead,
                region_id=region,
                title=title,
                created_at=now,
                changed_at=now,
                changed_by_id=person,
                kept_at=now,
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
    *, actor: Actor, application_id: int, title: str, summary: str, fields: list[str]
) -> Application:
    """Write title, summary and fields of support together, whatever stands there; a version is kept.

    People save with `save_fields`, which overwrites nothing that they have not seen.
    """
    with transaction.atomic():
        application = locked(actor, application_id)
        may_edit.require(actor, application)
        require_editable(application)
        at = Place(actor, application, definition_of(application.call))
        write_values(at, {"title": title, "summary": summary, "fields": fields}, keep=OVERVIEW)
    return application
