"""Answers for load balancers and monitors, before hosts, sessions or pages are looked at."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from gongmo.operation import probes, state
from gongmo.operation.figures import Remembered
from gongmo.tasks.beats import workers

Handler = Callable[[HttpRequest], HttpResponse]

NEEDED = ("serving", "database", "migrations")
"""Without one of these this server cannot work; the others are told, and count only with `?strict=1`."""


def needed() -> tuple[str, ...]:
    """What counts here. A storage of files that all servers share is only told: every one of them would be taken away at once, and with
    them pages, saves and submissions, which go on without it. A folder is this machine's own: another server may do better."""
    return NEEDED if probes.storage_is_shared() else (*NEEDED, "storage")


class HealthMiddleware:
    """GET /healthz: this process answers. GET /readyz: it can work (200), or is stopping or lacks what it needs (503).

    /readyz asks the database each time, the storage at most every five seconds and the workers and clocks every ten.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.slowly = Remembered(_others, 10)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return _kept_by_nobody(HttpResponse("ok\n", content_type="text/plain"))
        if request.path == "/readyz":
            return _kept_by_nobody(self.ready(strict=request.GET.get("strict") == "1"))
        if request.path in ("/status/", "/status.json") and state.service().level is state.Level.TROUBLE:
            # Who reads could not be looked up: the page that says so must answer all the same.
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)

    def ready(self, *, strict: bool = False) -> HttpResponse:
        """Each check's result by name, and which of them decide. Says no more than that: the page is open to anyone."""
        checks = {"serving": not probes.draining(), "database": probes.database_seconds() is not None}
        checks["migrations"] = checks["database"] and _migrated()
        checks["storage"] = probes.storage_now().error is None
        if checks["database"]:
            checks |= self.slowly()
        deciding = sorted(checks) if strict else needed()
        good = all(checks[name] for name in deciding)
        answer = JsonResponse(
            {"ready": good, "checks": checks, "needed": list(deciding)}, status=200 if good else 503
        )
        # Django would write an error for each time that a monitor asks.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _migrated() -> bool:
    try:
        return probes.migrated()
    except DatabaseError:
        return False


def _others() -> dict[str, bool]:
    try:
        seen = probes.clock_seen()
        ahead = max(abs(seen.skew or 0.0), seen.record_ahead)
        return {"workers": workers().alive > 0, "clock": ahead <= settings.GONGMO_CLOCK_TOLERANCE}
    except DatabaseError:
        return {"workers": False, "clock": False}
