"""Notes for tests: made as pages make them, and carried into the database."""

from datetime import datetime
from pathlib import Path

import pytest

from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role, system
from gongmo.privacy import commands
from gongmo.privacy.buffer import Buffer
from gongmo.privacy.models import AccessNote, Kind

SYSTEM = system("test")
OFFICER = Actor(role=Role.AGENCY, person=7, name="담당자 A", organisation=3, address="192.0.2.7")


def own_buffer(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Buffer:
    """A buffer in the test's own folder."""
    made = Buffer(folder / "access")
    monkeypatch.setattr(commands, "buffer", lambda: made)
    return made


def noted(at: datetime, actor: Actor = OFFICER, **more: object) -> None:
    """One note at an instant."""
    told: dict[str, object] = {
        "kind": Kind.SHOW,
        "page": "applications:application",
        "subject": ("application", 1),
    }
    with clock.at(at):
        commands.note(actor=actor, **{**told, **more})  # type: ignore[arg-type]


def drained() -> list[AccessNote]:
    """Every note but those of signing in and out, once all waiting ones are in the database."""
    commands.drain(actor=SYSTEM)
    signing = [Kind.SIGN_IN.value, Kind.SIGN_OUT.value]
    return list(AccessNote.objects.exclude(kind__in=signing).order_by("at", "id"))
