"""Read by every Python process of a chaos run as it starts: its wall clock is moved by the seconds in the file GONGMO_CHAOS_CLOCK.

As with an operating system whose clock is set back, everything that asks for the time sees it: the site's clock, the task queue's and
the standard library's.
"""

import os
import sys
import time
from datetime import datetime as real_datetime
from datetime import timedelta
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder
from pathlib import Path

_file = Path(os.environ.get("GONGMO_CHAOS_CLOCK", "/nonexistent"))
_real_time = time.time


def _offset() -> float:
    try:
        return float(_file.read_text("ascii") or 0)
    except (OSError, ValueError):
        return 0.0


class _AnyDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, real_datetime)


class _Moved(real_datetime, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz=None):  # type: ignore[no-untyped-def]
        return real_datetime.now(tz) + timedelta(seconds=_offset())


class _Mover(MetaPathFinder, Loader):
    """Puts the moved clock into the modules that read the time by name."""

    modules = ("gongmo.kernel.clock", "django.utils.timezone")

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        if name not in self.modules:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            self.loaders[name] = spec.loader
            spec.loader = self
        return spec

    loaders: dict[str, Loader] = {}

    def create_module(self, spec):  # type: ignore[no-untyped-def]
        return self.loaders[spec.name].create_module(spec)

    def exec_module(self, module):  # type: ignore[no-untyped-def]
        self.loaders[module.__name__].exec_module(module)
        module.datetime = _Moved


if "GONGMO_CHAOS_CLOCK" in os.environ:
    time.time = lambda: _real_time() + _offset()
    sys.meta_path.insert(0, _Mover())
