"""Notes commands that show or carry away people's data in the access log, as pages are (docs/privacy.md): one table, one function.

Who: the operating system's user, for nobody signs in here. The note is made before the data is shown; where none can be kept, the command
ends with the reason.
"""

import argparse
import importlib
import os
import pwd
import socket
from dataclasses import dataclass

from gongmo.cli import output
from gongmo.kernel.errors import BadInput

LEAST, MOST = 5, 300
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a command does with whose data: a kind of note (privacy.models.Kind), and the kind of thing. `reason`: it says why."""

    kind: str
    subject: str
    reason: bool = False


NOTED = {
    "backup": Noted("export", "installation"),
    "move": Noted("export", "installation"),
    "restore": Noted("change", "installation"),
    "receipt issue": Noted("file", "application"),
    "registers check": Noted("show", "organisations"),
    "manage dumpdata": Noted("export", "installation", reason=True),
    "manage shell": Noted("show", "installation"),
    "manage dbshell": Noted("show", "installation"),
}
PLAIN = frozenset(
    {
        # Files that whoever calls them has in hand, and no stored data.
        *("call", "check", "fit", "rank", "allocate", "agreement"),
        # Numbers of rows, hashes and keys; names of calls; titles of earlier projects.
        *("doctor", "replay", "committee", "keys", "similar"),
        # Invented people; the servers themselves.
        *("rehearse", "serve", "work"),
    }
)


def add_reason(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Declare `--reason`."""
    parser.add_argument(
        "--reason",
        default="",
        required=required,
        metavar="TEXT",
        help="접속기록에 남길 까닭 / why, for the access log",
    )


def note(command: str, *, subject: str | int = "", detail: str = "", reason: str = "") -> None:
    """Note a command of the table. Wants Django started. Raises BadInput for a missing reason, the database's error where no note can be kept."""
    known = NOTED[command]
    reason = " ".join(reason.split())[:MOST]
    if known.reason and len(reason) < LEAST:
        raise BadInput(
            "reason",
            f'개인정보를 내보내는 명령입니다. 어디에 쓰려는지 적어 주세요: --reason "까닭" ({LEAST}자 이상)',
            f'This takes personal data away. Say what it is needed for: --reason "…" (at least {LEAST} letters)',
            field="reason",
        )
    actors = importlib.import_module("gongmo.kernel.actor")
    models = importlib.import_module("gongmo.privacy.models")
    importlib.import_module("gongmo.privacy.commands").note(
        actor=actors.Actor(role=actors.Role.OPERATOR, origin="cli", address=user()),
        kind=models.Kind(known.kind),
        page=f"cli:{command.replace(' ', '_')}",
        subject=(known.subject, subject),
        detail=detail,
        reason=reason,
    )


def user() -> str:
    """Who runs this process, as the access log says it: the operating system's user and machine, and who became that user by sudo."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    by = os.environ.get("SUDO_USER", "")
    return output.clean(f"{name}{f' ({by})' if by and by != name else ''}@{socket.gethostname()}")
