"""The operator's page of the queue."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gongmo.kernel.actor import Actor
from gongmo.tasks import commands, queries


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@login_required
@never_cache
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits, runs and has failed, and the schedules."""
    return render(request, "tasks/list.html", {"queue": queries.overview(_actor(request))})


@login_required
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST: run a failed task again."""
    commands.run_again(actor=_actor(request), job_id=pk)
    english = (get_language() or "ko").startswith("en")
    messages.success(
        request, "The task is in the queue again." if english else "작업을 다시 대기열에 넣었습니다."
    )
    return redirect("tasks:list")
