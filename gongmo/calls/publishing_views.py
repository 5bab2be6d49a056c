"""Publishing a call in the browser: upload a definition, read what it says, then publish. Regional calls use the same pages."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongmo.calls import commands, markdown, presentation, queries
from gongmo.calls.policies import may_publish
from gongmo.calls.values import ANNOUNCEMENT_LIMIT, Announcement
from gongmo.definition.diff import differences
from gongmo.definition.loader import Unusable, parse_definition
from gongmo.definition.model import Definition
from gongmo.definition.source import DEFINITION_LIMIT
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.parties.pages import actor_of, said
from gongmo.parties.queries import region_table

PARTS = ("text", "name", "slug", "opens_at", "closes_at", "announcement_ko", "announcement_en")
LONGEST = 4 * ANNOUNCEMENT_LIMIT
"""Bytes of an announcement's file."""


@dataclass(slots=True)
class Draft:
    """A definition on its way to becoming a call: what was typed, what was read, what stands in the way."""

    typed: dict[str, str]
    definition: Definition | None = None
    refused: Refused | None = None
    problems: Unusable | None = None

    @property
    def slug(self) -> str | None:
        """The name that was typed; None leaves the definition's own."""
        return self.typed["slug"].strip() or None

    def announcement(self) -> Announcement:
        """The announcement as typed or uploaded."""
        return Announcement(self.typed["announcement_ko"], self.typed["announcement_en"])

    def intake(self) -> tuple[datetime, datetime]:
        """The intake window as typed, in Seoul. Raises BadInput."""
        return instant(self.typed["opens_at"], "opens_at"), instant(self.typed["closes_at"], "closes_at")


def instant(text: str, field: str) -> datetime:
    """A day and time of Seoul as the browser sends it. Raises BadInput naming the field."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL)
    except ValueError as error:
        raise BadInput(
            f"{field}_unreadable",
            "날짜와 시각을 골라 주세요.",
            "Choose the day and the time.",
            field=field,
        ) from error


def announcement_of(request: HttpRequest) -> dict[str, str]:
    """The texts of the announcement's files in a request ("announcement_ko", "announcement_en"), those that are there.

    Raises BadInput naming the field of a file that is too long or no text.
    """
    found: dict[str, str] = {}
    for part in ("announcement_ko", "announcement_en"):
        upload = request.FILES.get(part)
        if upload is None:
            continue
        data = upload.read(LONGEST + 1)
        try:
            found[part] = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            data = b"\0"
        if len(data) > LONGEST or b"\0" in data:
            raise BadInput(
                "announcement_unreadable",
                "안내문은 UTF-8 글자 파일(.md)로 올려 주세요.",
                "Upload the announcement as a text file in UTF-8 (.md).",
                field=part,
            )
    return found


def read_draft(request: HttpRequest) -> Draft:
    """The definition that was uploaded, or sent back with the second step. Problems are kept, not raised."""
    draft = Draft({part: request.POST.get(part, "") for part in PARTS})
    if request.method != "POST":
        return draft
    upload = request.FILES.get("definition")
    if upload is not None:
        data = upload.read(DEFINITION_LIMIT + 1)
        draft.typed |= {"name": upload.name or "call.yaml", "slug": "", "opens_at": "", "closes_at": ""}
        try:
            draft.typed |= announcement_of(request)
        except BadInput as refused:
            draft.refused = refused
            return draft
    else:
        data = draft.typed["text"].encode()
    if not data:
        draft.refused = BadInput(
            "definition_missing",
            "공고 정의 파일을 골라 주세요.",
            "Choose the file with the call's definition.",
            field="definition",
        )
        return draft
    try:
        draft.definition = parse_definition(data, draft.typed["name"] or "call.yaml")
    except Unusable as unusable:
        draft.problems = unusable
        return draft
    intake = draft.definition.intake
    given = {
        "text": data.decode("utf-8-sig"),
        "slug": draft.definition.id,
        "opens_at": f"{intake.opens.astimezone(SEOUL):%Y-%m-%dT%H:%M}",
        "closes_at": f"{intake.closes.astimezone(SEOUL):%Y-%m-%dT%H:%M}",
    }
    draft.typed |= given if upload is not None else {"text": given["text"]}
    return draft


def draft_page(
    request: HttpRequest, draft: Draft, action: str, context: dict[str, object] | None = None
) -> HttpResponse:
    """The form, or the definition as readable text with the form that publishes it."""
    status = 422 if draft.problems else draft.refused.status if draft.refused else 200
    shown: dict[str, object] = {"draft": draft, "action": action, "typed": draft.typed}
    definition = draft.definition
    if definition is not None:
        regions = {code: region.name for code, region in region_table().regions.items()}
        before = queries.latest_of(definition.programme)
        shown |= {
            "definition": definition,
            "announcement": [
                (
                    part[-2:],
                    markdown.render(draft.typed[part], clauses=[clause.id for clause in definition.clauses]),
                )
                for part in ("announcement_ko", "announcement_en")
                if draft.typed[part]
            ],
            "past": definition.intake.closes <= clock.now(),
            "eligibility": presentation.eligibility_lines(definition, regions),
            "exclusions": presentation.exclusion_lines(definition),
            "money": presentation.money_lines(definition),
            "documents": presentation.document_lines(definition),
            "evaluation": presentation.evaluation_lines(definition),
            "defaults": presentation.default_lines(definition),
            "before": before,
            "changes": differences(queries.definition_of(before), definition) if before else [],
        }
    return render(request, "calls/publish.html", shown | (context or {}), status=status)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """An officer of the agency publishes a call: upload, read, publish. Others do not learn of this page."""
    actor = actor_of(request)
    if actor.organisation is None or not may_publish(actor, actor.organisation, second_level=False):
        raise NotFound
    draft = read_draft(request)
    if draft.definition is not None and request.POST.get("publish"):
        try:
            made = commands.publish(
                actor=actor,
                definition=draft.definition,
                operator_id=actor.organisation,
                rehearsal=settings.GONGMO_REHEARSAL_MARK.exists(),
                slug=draft.slug,
                intake=draft.intake(),
                announcement=draft.announcement(),
            )
        except Refused as refused:
            draft.refused = refused
        else:
            messages.success(
                request, said(f"‘{made.title_ko}’ 공고를 냈습니다.", f"“{made.title_en}” is published.")
            )
            return redirect("calls:call", made.slug)
    return draft_page(request, draft, reverse("calls:publish"))
