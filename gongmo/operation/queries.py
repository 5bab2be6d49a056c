"""What operators read of the service."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from prometheus_client import CollectorRegistry
from prometheus_client.samples import Sample

from gongmo.definition.base import Text
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.states import Family
from gongmo.operation import judging, metrics, policies, probes, state
from gongmo.operation.figures import Figures, figures
from gongmo.operation.judging import Judged
from gongmo.operation.models import Announcement
from gongmo.operation.probes import Clock, Room
from gongmo.operation.state import Service

SHOWN = 12
"""Pages on the operator's list."""


_WARNS = (Family.ATTENTION, Family.STOPPED)
_TASKS_FAILED = Text(ko="실패한 작업", en="Failed tasks")
_WORKERS = Text(ko="작업 프로세스 없음", en="No task worker")
_SIGNATURE = Text(ko="기록의 서명", en="The record's signature")
_CLOCK = Text(ko="시계", en="The clock")


@dataclass(slots=True)
class Page:
    """A route since the server started: requests, those that failed (5xx), seconds in all and how many took at most so long."""

    route: str
    count: int = 0
    failed: int = 0
    seconds: float = 0.0
    within: dict[float, int] | None = None

    @property
    def mean(self) -> float:
        """Milliseconds on average."""
        return 1000 * self.seconds / self.count if self.count else 0.0

    def at_most(self, share: float) -> float | None:
        """The bound in milliseconds of the bucket within which that share of the requests was answered; None beyond the last."""
        for bound, count in sorted((self.within or {}).items()):
            if count >= share * self.count:
                return None if bound == float("inf") else 1000 * bound
        return None


@dataclass(frozen=True, slots=True)
class Processes:
    """The web processes of this server: how many, their memory in bytes, and what waits at the gate."""

    count: int
    memory: int
    largest: int
    running: int
    waiting: int
    turned_away: int
    slow_statements: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The operator's page."""

    service: Service
    figures: Figures
    pages: list[Page]
    requests: int
    failed: int
    accepted: int
    refused: int
    refusals: list[tuple[str, int]]
    processes: Processes
    signature: Judged
    rooms: list[tuple[Room, Judged]]
    clock: Clock
    clock_judged: Judged

    @property
    def warned(self) -> list[tuple[str, Text]]:
        """What else than the service's facts wants a look: the section of the page and the thing. Such a page is not headed by "all is well"."""
        judged = [
            ("tasks", _TASKS_FAILED, self.figures.queue.failed > 0),
            ("tasks", _WORKERS, not self.figures.queue.workers.alive),
            ("tasks", _SIGNATURE, self.signature.family in _WARNS),
            *(
                (
                    "machine",
                    Text(ko=f"디스크 {room.folder}", en=f"Disk {room.folder}"),
                    verdict.family in _WARNS,
                )
                for room, verdict in self.rooms
            ),
            ("machine", _CLOCK, self.clock_judged.family in _WARNS),
        ]
        return [(section, name) for section, name, warns in judged if warns]


def overview(actor: Actor) -> Overview:
    """All figures, those of this server's processes since its start. Raises NotFound for others than operators."""
    if not policies.watch(actor):
        raise NotFound
    samples = _samples(metrics.registry())
    pages = _pages(samples)
    outcomes = _by(samples, "gongmo_submission_requests_total", "outcome")
    told, clock = figures(), probes.clock_now()
    refusals = sorted(_by(samples, "gongmo_refusals_total", "code").items(), key=lambda each: -each[1])
    return Overview(
        service=state.service(),
        figures=told,
        pages=sorted(pages, key=lambda page: -page.seconds)[:SHOWN],
        requests=sum(page.count for page in pages),
        failed=sum(page.failed for page in pages),
        accepted=outcomes.get("accepted", 0),
        refused=outcomes.get("refused", 0) + outcomes.get("failed", 0),
        refusals=refusals[:6],
        processes=Processes(
            count=_sum(samples, "gongmo_web_processes"),
            memory=_sum(samples, "gongmo_web_memory_bytes"),
            largest=_sum(samples, "gongmo_web_memory_bytes_most"),
            running=_sum(samples, "gongmo_gate_running"),
            waiting=_sum(samples, "gongmo_gate_waiting"),
            turned_away=_sum(samples, "gongmo_turned_away_total"),
            slow_statements=_sum(samples, "gongmo_slow_statements_total"),
        ),
        signature=judging.signature(told.record, told.at, timedelta(seconds=probes.up_seconds())),
        rooms=[(each, judging.room(each)) for each in probes.rooms()],
        clock=clock,
        clock_judged=judging.clock(clock, settings.GONGMO_CLOCK_TOLERANCE),
    )


def announcements(actor: Actor) -> list[Announcement]:
    """The last notices, the newest first. Raises NotFound for others than operators. One statement."""
    if not policies.announce(actor):
        raise NotFound
    return list(Announcement.objects.select_related("made_by")[:20])


def _samples(registry: CollectorRegistry) -> list[Sample]:
    return [sample for family in registry.collect() for sample in family.samples]


def _sum(samples: list[Sample], name: str) -> int:
    return round(sum(sample.value for sample in samples if sample.name == name))


def _by(samples: list[Sample], name: str, label: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for sample in samples:
        if sample.name == name:
            found[sample.labels[label]] = found.get(sample.labels[label], 0) + round(sample.value)
    return found


def _pages(samples: list[Sample]) -> list[Page]:
    pages: dict[str, Page] = {}
    for sample in samples:
        if not sample.name.startswith(("gongmo_requests_total", "gongmo_request_seconds_")):
            continue
        page = pages.setdefault(sample.labels["route"], Page(sample.labels["route"], within={}))
        if sample.name == "gongmo_requests_total":
            page.count += round(sample.value)
            page.failed += round(sample.value) if sample.labels["status"] == "5xx" else 0
        elif sample.name == "gongmo_request_seconds_sum":
            page.seconds += sample.value
        elif sample.name == "gongmo_request_seconds_bucket" and page.within is not None:
            bound = float(sample.labels["le"])
            page.within[bound] = page.within.get(bound, 0) + round(sample.value)
    return [page for page in pages.values() if page.count]
