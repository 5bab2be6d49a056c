"""/metrics: what the processes count and what lies in the database, as Prometheus reads it. Closed to outsiders."""

import hmac
import ipaddress
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gongmo.kernel import clock
from gongmo.operation import judging, metrics, probes, state
from gongmo.operation.figures import Figures, figures

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def open_to(request: HttpRequest) -> bool:
    """Whether the caller holds the token or speaks from one of the addresses that the installation names."""
    token = settings.GONGMO_METRICS_TOKEN
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    try:
        caller = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(caller in network for network in settings.GONGMO_METRICS_FROM)


def exposed() -> bytes:
    """Everything, in Prometheus' text format. Where the database is away, what the processes count and `gongmo_database_up 0`."""
    registry = CollectorRegistry()
    registry.register(_Stored())
    return generate_latest(metrics.registry()) + generate_latest(registry)


class _Stored(Collector):
    """The figures that lie in the database."""

    def collect(self) -> Iterator[Metric]:
        """One gauge for each."""
        up = True
        try:
            for name, words, value in _values(figures()):
                yield GaugeMetricFamily(f"{metrics.PREFIX}_{name}", words, value=value)
            seen = probes.clock_now()
            if seen.skew is not None:
                yield GaugeMetricFamily(
                    "gongmo_clock_skew_seconds", "The database server's clock minus ours", value=seen.skew
                )
            yield GaugeMetricFamily(
                "gongmo_clock_behind_record_seconds",
                "How far the record's last entry lies in the future: the clock went back",
                value=seen.record_ahead,
            )
        except DatabaseError:
            up = False
        yield GaugeMetricFamily("gongmo_database_up", "Whether the database answers", value=float(up))
        stored = probes.storage_now()
        yield GaugeMetricFamily(
            "gongmo_storage_up",
            "Whether the storage takes and gives bytes",
            value=float(stored.error is None),
        )
        free = probes.free_bytes(settings.GONGMO_HOME)
        yield GaugeMetricFamily(
            "gongmo_home_free_bytes", "Free bytes where GONGMO_HOME is", value=float(free)
        )
        levels = GaugeMetricFamily(
            "gongmo_service_level", "1 for the level that the status page shows", labels=["level"]
        )
        standing = state.service().level
        for level in state.Level:
            levels.add_metric([level.value], float(level is standing))
        yield levels


def _values(found: Figures) -> Iterator[tuple[str, str, float]]:
    now = clock.now()
    queue, deadlines, record, files = found.queue, found.deadlines, found.record, found.files
    yield "tasks_waiting", "Tasks that wait", queue.waiting
    yield "tasks_running", "Tasks that run", queue.running
    yield "tasks_failed", "Tasks that failed for good and stand on the operator's page", queue.failed
    yield "tasks_retried", "Waiting tasks that failed before and are tried again", queue.retried
    yield "tasks_lost", "Waiting tasks whose worker died before", queue.lost
    yield "tasks_late_seconds", "Seconds for which the longest waiting task has been due", queue.late
    yield "task_workers", "Task workers that live, on all machines", queue.workers.alive
    yield "task_worker_memory_bytes_most", "Memory of the largest task worker", queue.workers.memory
    yield "calls_open", "Calls that take applications now", deadlines.open_calls
    if deadlines.next_closing is not None:
        left = (deadlines.next_closing - now).total_seconds()
        yield "next_closing_seconds", "Seconds to the next closing of a call", left
    yield "submissions_standing", "Submissions that stand", deadlines.standing
    yield "submissions_last_hour", "Submissions received within the last hour", deadlines.last_hour
    yield "ledger_entries", "Entries of the record", record.entries
    yield "ledger_unsigned", "Entries that no signed checkpoint covers", record.entries - record.signed
    if record.signed_at is not None:
        age = (now - record.signed_at).total_seconds()
        yield (
            "ledger_checkpoint_age_seconds",
            "Age of the newest signed checkpoint: of no concern where nothing was written since",
            age,
        )
    yield (
        "ledger_unsigned_seconds",
        "Seconds for which the oldest entry that no checkpoint covers has waited while this server ran (0: none waits)",
        judging.unsigned_for(record, now, timedelta(seconds=probes.up_seconds())).total_seconds(),
    )
    yield "files_stored", "Stored files", files.stored
    yield "files_stored_bytes", "Bytes of stored files", files.size
    yield "uploads_under_way", "Uploads under way", files.uploads
