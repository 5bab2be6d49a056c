"""An officer's own saved views of a call's list. They are a convenience of one person and no part of the record."""

from django.db import transaction

from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.screening import policies
from gongmo.screening.commands.base import reviewer, said
from gongmo.screening.models import SavedView
from gongmo.screening.queries.workbench import Filters

MOST = 30


def save_view(*, actor: Actor, call_id: int, name: str, filters: Filters) -> SavedView:
    """Keep filters under a name; one of the same name is replaced. Refused beyond thirty."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        raise NotFound
    reviewer(actor, call)
    policies.keep_views.require(actor, call)
    name = said(name, field="name", ko="보기의 이름을 적어 주세요.", en="Name the view.", limit=40)
    with transaction.atomic():
        own = SavedView.objects.filter(person=actor.person, call=call)
        if own.count() >= MOST and not own.filter(name=name).exists():
            raise Refused(
                "too_many_views",
                f"보기는 {MOST}개까지 저장합니다. 쓰지 않는 보기를 지워 주세요.",
                f"{MOST} views are kept; delete one that you do not use.",
            )
        view, _ = SavedView.objects.update_or_create(
            person_id=actor.person or 0,
            call=call,
            name=name,
            defaults={"query": filters.query(), "saved_at": clock.now()},
        )
        return view


def forget_view(*, actor: Actor, view_id: int) -> None:
    """Delete an own view. Raises NotFound for another's."""
    gone, _ = SavedView.objects.filter(pk=view_id, person=actor.person or 0).delete()
    if not gone:
        raise NotFound
