"""Work of this floor that no request waits for."""

from gongmo.calls.models import Call
from gongmo.screening import register_tasks as register_tasks
from gongmo.screening.queries.digests import refresh, stale_reviews
from gongmo.tasks.registry import task


@task(
    name="screening.refresh_digests",
    ko="적격성 검토 목록의 판정 요약 계산",
    en="Work out the sums of findings for the list of reviews",
)
def refresh_digests(call_id: int) -> None:
    """Bring the sums of a call's reviews up to date. Run again, it does only what is left."""
    call = Call.objects.select_related("version").filter(pk=call_id).first()
    if call is not None:
        refresh(call, stale_reviews(call))
