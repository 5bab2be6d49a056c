"""What a process gives up before it looks at a stranger's file. Without Django; Linux. What a machine does not allow to give up is kept: the
other measures still hold.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from contextlib import suppress

HANDED = 3
"""The number under which the one file lies that the process keeps."""

# Numbers of the calls that reach beyond what is open and one's own memory (asm/unistd_64.h, asm-generic/unistd.h): opening, linking and
# removing files, sockets, programs, processes and their memory, namespaces, io_uring, which does all of it.
_DENIED = {
    "x86_64": (
        0xC000003E,
        (2, 41, 42, 53, 56, 57, 58, 59, 62, 76, 82, 85, 86, 87, 88, 90, 101, 133, 155, 165, 200, 234, 257, 258, 259, 263, 264, 265,
         266, 268, 272, 304, 308, 310, 311, 316, 321, 322, 425, 434, 435, 437, 438),
    ),
    "aarch64": (
        0xC00000B7,
        (33, 34, 35, 36, 37, 38, 40, 45, 53, 56, 97, 117, 129, 130, 131, 198, 199, 203, 220, 221, 265, 268, 270, 271, 276, 280, 281,
         425, 434, 435, 437, 438),
    ),
}  # fmt: skip
_ALLOW, _REFUSE, _END = 0x7FFF0000, 0x00050001, 0x80000000
"""Go on; answer EPERM; end the process."""


def confine(descriptor: int, *, memory: int, seconds: int) -> None:
    """Keep one open file, as HANDED, and standard output: no other file, socket, process or privilege, `memory` bytes, `seconds` of the
    processor.
    """
    os.dup2(descriptor, HANDED)
    # The other files are other people's.
    os.closerange(HANDED + 1, 4096)
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, HANDED + 1),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    with suppress(AttributeError):
        libc.unshare(0x10000000 | 0x40000000)  # CLONE_NEWUSER | CLONE_NEWNET: no network
        libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        _filter(libc)


def _filter(libc: ctypes.CDLL) -> None:
    """Have the kernel refuse the calls above from now on (seccomp, a classic BPF program)."""
    known = _DENIED.get(platform.machine())
    if known is None:
        return
    machine, numbers = known
    steps = [(0x20, 0, 0, 4), (0x15, 1, 0, machine), (0x06, 0, 0, _END), (0x20, 0, 0, 0)]
    # Calls of the x32 kind carry a high bit and would slip past.
    steps += [(0x35, 0, 1, 0x40000000), (0x06, 0, 0, _REFUSE)]
    for number in numbers:
        steps += [(0x15, 0, 1, number), (0x06, 0, 0, _REFUSE)]
    steps.append((0x06, 0, 0, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]

    program = Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    libc.prctl(22, 2, ctypes.byref(program), 0, 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def launch(command: list[str]) -> None:
    """Become another program that needs files and processes of its own, with less memory and time, no new privileges, and no network where
    the machine allows to go without.
    """
    for kind, most in (
        (resource.RLIMIT_AS, 4 * 1024**3),
        (resource.RLIMIT_CPU, 150),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 512 * 1024**2),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    with suppress(AttributeError):
        libc.unshare(0x10000000 | 0x40000000)
        libc.prctl(38, 1, 0, 0, 0)
    os.execv(command[0], command)  # noqa: S606 - the operator's own converter


if __name__ == "__main__":
    launch(sys.argv[1:])
