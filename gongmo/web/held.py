"""How many connections the server holds, and how long it waits for a request's head: what strangers can take without asking for anything."""

import sys

from django.conf import settings
from granian.http import HTTP1Settings

HEAD, HEAD_BEHIND_PROXY = 10_000, 150_000
"""Milliseconds within which a request's head must be here, and the next request of a connection that is kept open.

Behind a proxy, which waits for heads itself, connections are kept for longer than proxies keep them (nginx 60 s, Caddy 120 s): one that is closed
just when the proxy sends a form on it is a form that fails."""
LONGEST_HEAD = 32 * 1024
"""Bytes of a request's head."""
CONNECTIONS = 8192
"""Connections that are held at a time by all processes of a server. Granian's own 1,024 were taken by one stranger."""
OWN_FILES = 512
"""Numbers of files that a process needs for itself: databases, bodies, logs."""


def heads() -> HTTP1Settings:
    """How heads are taken in."""
    return HTTP1Settings(
        header_read_timeout=HEAD_BEHIND_PROXY if settings.GONGMO_BEHIND_PROXY else HEAD,
        max_buffer_size=LONGEST_HEAD,
    )


def connections_each(processes: int, allowed: int) -> int:
    """Connections that each of so many processes holds, where a process may have `allowed` numbers of files."""
    return max(128, min(CONNECTIONS // max(1, processes), allowed - OWN_FILES))


def files_allowed() -> int:
    """Numbers of files that processes may have, raised as far as the system lets us (many start programs with 1,024)."""
    if sys.platform == "win32":
        return CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OWN_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return wanted if soft == resource.RLIM_INFINITY else soft
