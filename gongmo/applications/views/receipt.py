"""The receipt of a submission: the page, the proving JSON and the PDF; of an earlier, withdrawn submission, too."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from gongmo.applications import queries
from gongmo.applications.models import Submission
from gongmo.applications.papers import ChannelLine, receipt_paper
from gongmo.applications.queries import receipts
from gongmo.applications.queries.arrivals import channel_states
from gongmo.applications.views.base import Desk, actor_of, desk, kept, said, show
from gongmo.calls.queries import definition_of
from gongmo.kernel import clock
from gongmo.kernel.errors import NotFound
from gongmo.ledger.queries import newest_checkpoint
from gongmo.ledger.signing import public_key
from gongmo.papers import to_pdf
from gongmo.parties.pages import address as web_address

MOST = 100
"""Differences between two submissions that are shown."""


@require_GET
def receipt(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """The receipt of the standing submission, else of the last one; by its number, of any. Whoever asks before anything was
    handed in is told so, with the server's time."""
    at = desk(request, pk)
    return kept(request, at, "receipt", lambda: _receipt(request, at, pk, number), newest_checkpoint())


def _receipt(request: HttpRequest, at: Desk, pk: int, number: int | None) -> HttpResponse:
    submission = receipts.submission_of(at.application, number)
    if submission is None:
        if number is not None or at.own is None:
            raise NotFound
        return show(request, "applications/receipt_none.html", at, {}, page="submit", status=404)
    manifest = queries.manifest(submission)
    definition = definition_of(submission.version)
    previous = receipts.previous_of(submission) if submission.number > 1 else None
    changes = receipts.differences_between(definition, previous, submission) if previous else ()
    context = {
        "submission": submission,
        "manifest": manifest,
        "kinds": {kind.id: kind.name for kind in definition.documents},
        "names": {str(each["id"]): each["name"] for each in manifest["organisations"]},
        "lead_name": manifest["organisations"][0]["name"] if manifest["organisations"] else "",
        "channel_states": channel_states(definition, at.value.arrivals)
        if submission.withdrawn_at is None
        else [],
        "proof": receipts.standing_proof(submission),
        "public_key": public_key(),
        "previous": previous,
        "changes": changes[:MOST],
        "changes_more": len(changes) - MOST,
        "others": [each for each in queries.submissions_of(at.application) if each.pk != submission.pk],
        "addressed": [pk, submission.number],
    }
    return show(request, "applications/receipt.html", at, context)


@require_GET
def receipt_json(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """The receipt that `gongmo receipt verify` checks offline."""
    submission = _asked(request, pk, number)
    text = json.dumps(receipts.receipt_value(submission), ensure_ascii=False, indent=1) + "\n"
    return _file(text.encode(), "application/json; charset=utf-8", f"{submission.receipt_number}.json")


@require_GET
def receipt_pdf(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """The receipt on paper, with the receipt itself inside: `gongmo receipt verify` checks the PDF alone."""
    submission = _asked(request, pk, number)
    found = submission.application
    definition = definition_of(submission.version)
    today = clock.now().astimezone(clock.SEOUL).date()
    states = channel_states(definition, found.arrivals.all(), today)
    paper = receipt_paper(
        receipts.receipt_value(submission),
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
        # Whoever holds the paper can check it there without signing in.
        address=request.build_absolute_uri(web_address("web:verify")),
        language="en" if said("ko", "en") == "en" else "ko",
    )
    return _file(to_pdf(paper), "application/pdf", f"{submission.receipt_number}.pdf")


def _asked(request: HttpRequest, pk: int, number: int | None) -> Submission:
    submission = receipts.submission_for(actor_of(request), pk, number)
    if submission is None:
        raise NotFound
    return submission


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
