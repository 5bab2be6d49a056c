"""Reading pages: my applications, an application, its receipt, its kept versions, its files."""

import json

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongmo.applications import queries
from gongmo.applications.models import ApplicationDocument, Member
from gongmo.applications.papers import ChannelLine, receipt_paper
from gongmo.applications.policies import PRESENT, may_see
from gongmo.applications.queries.arrivals import channel_states
from gongmo.applications.queries.receipts import receipt_value
from gongmo.applications.states import MemberState, applications_table
from gongmo.applications.views.base import actor_of, desk, said, show
from gongmo.calls.queries import definition_of
from gongmo.files.responses import send
from gongmo.kernel import clock
from gongmo.kernel.actor import Role
from gongmo.kernel.errors import NotFound
from gongmo.papers import to_pdf


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The applications that the actor may see: an applicant's own with invitations on top, an officer's by call."""
    actor = actor_of(request)
    found = list(queries.visible_applications(actor).order_by("-changed_at")[:500])
    places: dict[int, Member] = {}
    if actor.role is Role.APPLICANT and actor.organisation is not None:
        own = Member.objects.filter(organisation=actor.organisation, application__in=found, state__in=PRESENT)
        places = {member.application_id: member for member in own}
    return render(
        request,
        "applications/list.html",
        {
            "applications": found,
            "invitations": [
                (application, places[application.pk])
                for application in found
                if application.pk in places and places[application.pk].state == MemberState.INVITED
            ],
            "places": places,
            "roles": {
                application.pk: {
                    role.id: role.name for role in definition_of(application.call).consortium.roles
                }
                for application in found
                if application.pk in places
            },
            "shown": {state.value: shown for state, shown in applications_table.shown.items()},
        },
    )


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of the standing submission: number, instant, every file's hash."""
    at = desk(request, pk)
    submission = queries.standing_submission(at.application)
    if submission is None:
        raise NotFound
    return show(
        request,
        "applications/receipt.html",
        at,
        {
            "submission": submission,
            "manifest": queries.manifest(submission),
            "kinds": {kind.id: kind.name for kind in at.definition.documents},
            "names": {organisation.id: organisation.name for organisation in at.value.organisations},
            "channel_states": channel_states(at.definition, at.value.arrivals),
        },
    )


@require_GET
def receipt_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of the standing submission, which `gongmo receipt verify` checks offline."""
    found = queries.application_for(actor_of(request), pk)
    submission = queries.standing_submission(found)
    if submission is None:
        raise NotFound
    text = json.dumps(receipt_value(submission), ensure_ascii=False, indent=1) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{submission.receipt_number}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
def receipt_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt on paper, with the receipt itself inside: `gongmo receipt verify` checks the PDF alone."""
    found = queries.application_for(actor_of(request), pk)
    submission = queries.standing_submission(found)
    if submission is None:
        raise NotFound
    definition = definition_of(submission.version)
    today = clock.now().astimezone(clock.SEOUL).date()
    states = channel_states(definition, found.arrivals.all(), today)
    paper = receipt_paper(
        receipt_value(submission),
        definition,
        channels=[
            ChannelLine(
                said(state.channel.name.ko, state.channel.name.en),
                state.due_on,
                state.arrival.arrived_on if state.arrival else None,
                said(state.shown.ko, state.shown.en),
            )
            for state in states
        ],
        address=request.build_absolute_uri(reverse("applications:receipt", args=[found.pk])),
        language="en" if said("ko", "en") == "en" else "ko",
    )
    response = HttpResponse(to_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{submission.receipt_number}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def document(request: HttpRequest, pk: int) -> FileResponse:
    """A handed-in document's file, for whoever may see the application."""
    found = ApplicationDocument.objects.select_related("application__call", "file").filter(pk=pk).first()
    if found is None or not may_see(actor_of(request), found.application):
        raise NotFound
    return send(found.file, found.name, inline=request.GET.get("show") == "yes")
