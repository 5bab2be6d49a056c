"""Senders that vanish: a phone that lost its network in the middle of a body says nothing any more, and would hold its thread for ever.

The server sets no keep-alive (SO_KEEPALIVE, RFC 9293 3.8.4) on its connections and gives no way to; on Linux those that are accepted take it from
the socket that listens, which a process finds among its own. Elsewhere nothing is done.
"""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator

IDLE, EVERY, TIMES = 30, 10, 3
"""Seconds without a byte after which the other end is asked whether it is there, how often again, and how many times before it is given up."""


def notice_vanished() -> None:
    """Let connections of this process to their clients end a minute after the other end has vanished. Who is there, however silent, answers."""
    if sys.platform != "linux":
        return
    with contextlib.ExitStack() as ends:
        own = [ends.enter_context(each) for each in _sockets()]
        ports = {each.getsockname()[1] for each in own if _listens(each)}
        for each in own:
            if each.getsockname()[1] in ports:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, IDLE)
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, EVERY)
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, TIMES)


def _sockets() -> Iterator[socket.socket]:
    """This process's TCP sockets, each by a second descriptor of its own."""
    for name in os.listdir("/proc/self/fd"):
        try:
            if not os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                continue
            found = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue  # Closed since it was listed.
        if found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM:
            yield found
        else:
            found.close()


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
