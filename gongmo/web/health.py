"""Answers for load balancers and monitors, before hosts, sessions or pages are looked at."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

Handler = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """GET /healthz: this process answers. GET /readyz: the database answers, is migrated, and files can be written (else 503)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return self.ready()
        return self.get_response(request)

    def ready(self) -> HttpResponse:
        """Each check's result by name. Says no more than that: the page is open to anyone."""
        checks = {"database": self._database(), "files": self._files()}
        good = all(checks.values())
        return JsonResponse({"ready": good, "checks": checks}, status=200 if good else 503)

    def _database(self) -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self.migrated:
                # Asked until true once: a migrated database stays migrated under this code.
                executor = MigrationExecutor(connection)
                self.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except Exception:
            return False
        return self.migrated

    def _files(self) -> bool:
        probe = settings.FILE_UPLOAD_TEMP_DIR / ".ready"
        try:
            probe.write_bytes(b"1")
            probe.unlink(missing_ok=True)
        except OSError:
            return False
        return True
