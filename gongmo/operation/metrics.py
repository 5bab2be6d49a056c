"""What a process counts while it works, in Prometheus' manner: requests, refusals, the gate, memory.

`gongmo serve` gives its processes a folder in common (PROMETHEUS_MULTIPROC_DIR), so that any of them answers for all. Labels are names
in the code (routes, refusal codes, kinds): they cannot grow with people, calls or addresses.
"""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, multiprocess

PREFIX = "gongmo"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the time buckets in seconds."""
MOST_CODES = 400
"""Refusal codes that are counted by name in one process."""

_own = CollectorRegistry()
"""This process's, where none are shared."""

REQUESTS = Counter(
    f"{PREFIX}_requests",
    "Requests by route, method and class of status",
    ["route", "method", "status"],
    registry=_own,
)
SECONDS = Histogram(
    f"{PREFIX}_request_seconds", "Time from receipt to answer", ["route"], buckets=BUCKETS, registry=_own
)
REFUSALS = Counter(f"{PREFIX}_refusals", "Acts refused, by the refusal's code", ["code"], registry=_own)
SUBMISSIONS = Counter(
    f"{PREFIX}_submission_requests", "Attempts to submit by what came of them", ["outcome"], registry=_own
)
SLOW_STATEMENTS = Counter(
    f"{PREFIX}_slow_statements", "SQL statements over GONGMO_SLOW_QUERY_MS", registry=_own
)
TURNED_AWAY = Counter(
    f"{PREFIX}_turned_away", "Readers shown the waiting page, by what they wanted", ["kind"], registry=_own
)
GATE_RUNNING = Gauge(
    f"{PREFIX}_gate_running", "Requests being worked on", registry=_own, multiprocess_mode="livesum"
)
GATE_WAITING = Gauge(
    f"{PREFIX}_gate_waiting", "Requests waiting for a place", registry=_own, multiprocess_mode="livesum"
)
MEMORY = Gauge(
    f"{PREFIX}_web_memory_bytes",
    "Memory of the web processes together",
    registry=_own,
    multiprocess_mode="livesum",
)
MEMORY_MOST = Gauge(
    f"{PREFIX}_web_memory_bytes_most",
    "Memory of the largest web process",
    registry=_own,
    multiprocess_mode="livemax",
)
PROCESSES = Gauge(
    f"{PREFIX}_web_processes", "Web processes that live", registry=_own, multiprocess_mode="livesum"
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_OUTCOMES = {2: "accepted", 3: "accepted", 4: "refused", 5: "failed"}
SUBMIT_ROUTE = "applications:submit"
_codes: set[str] = set()
MOST_KEPT = 4000
_counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
"""Looking a label up costs more than counting."""


def observe(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` must be a name in the code."""
    known = (route, method, status)
    found = _counted.get(known)
    if found is None:
        shown = method if method in _METHODS else "other"
        found = (REQUESTS.labels(route, shown, f"{status // 100}xx"), SECONDS.labels(route))
        if len(_counted) < MOST_KEPT:
            _counted[known] = found
    found[0].inc()
    found[1].observe(seconds)
    if route == SUBMIT_ROUTE and method == "POST":
        SUBMISSIONS.labels(_OUTCOMES.get(status // 100, "failed")).inc()


def refused(code: str) -> None:
    """Count one refusal."""
    if code not in _codes:
        if len(_codes) >= MOST_CODES:
            code = "other"
        _codes.add(code)
    REFUSALS.labels(code).inc()


def shared_folder() -> Path | None:
    """The folder in which the processes of this server count together, None where this one counts alone."""
    told = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    return Path(told) if told else None


def registry() -> CollectorRegistry:
    """What is counted, of every process of this server."""
    folder = shared_folder()
    if folder is None:
        return _own
    forget_the_dead(folder)
    found = CollectorRegistry()
    multiprocess.MultiProcessCollector(found, path=str(folder))  # type: ignore[no-untyped-call]
    return found


def forget_the_dead(folder: Path) -> None:
    """Take the gauges of ended processes out of the sums; their counters stay."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            file.unlink(missing_ok=True)
