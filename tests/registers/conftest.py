"""A running practice server, and the settings under which it is asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gongmo.registers import holidays
from gongmo.registers.config import Configuration, Service, read
from gongmo.registers.outcomes import Register
from tests.registers.server import KEY, World, running


@pytest.fixture(scope="session")
def _server() -> Iterator[World]:
    with running() as world:
        yield world


@pytest.fixture
def world(_server: World) -> World:
    """The server with nothing in its registers and in good health."""
    base = _server.base
    _server.__init__()  # type: ignore[misc]
    _server.base = base
    return _server


@pytest.fixture
def asked(world: World) -> Configuration:
    """Every register on, at the practice server; short limits, no waiting between tries."""
    return replace(
        read({"GONGMO_REGISTERS_INVENTED": "1"}),
        services={register: Service(world.base, KEY) for register in Register},
        connect_seconds=0.5,
        read_seconds=0.5,
        total_seconds=0.5,
        largest=1_000_000,
        waits=(0.0, 0.0),
        pause=timedelta(minutes=5),
    )


@pytest.fixture
def registers(settings: Any, asked: Configuration) -> Configuration:
    """The same as the installation's settings."""
    settings.GONGMO_REGISTERS = asked
    holidays.forget()
    return asked
