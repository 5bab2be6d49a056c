"""`gongmo manage`: Django's own management commands with Gongmo's settings (migrate, createsuperuser, shell ...).

Those that open or write out everything stand in the access log (gongmo.cli.noting); `--reason "…"` says why.
"""

import argparse
import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from gongmo.cli import noting, output, start

NAME = "manage"


def run(args: argparse.Namespace) -> int:
    """Run a management command with its arguments. Raises what the command raises."""
    if not args.arguments or args.arguments[0] == "help" or {"-h", "--help"} & set(args.arguments):
        with _nowhere():
            return _run(args.arguments)
    return _run(args.arguments)


def _run(arguments: list[str]) -> int:
    start.django()
    arguments = noted(arguments)
    management = importlib.import_module("django.core.management")
    try:
        management.execute_from_command_line(["gongmo manage", *arguments])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else output.OK if stop.code is None else output.FAILED
    return output.OK


def noted(arguments: list[str]) -> list[str]:
    """The arguments that Django is to see, once a command that shows people's data is noted with its reason."""
    command = f"manage {arguments[0]}" if arguments else ""
    if command not in noting.NOTED or not {"-h", "--help"}.isdisjoint(arguments):
        return arguments
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    noting.add_reason(parser)
    told, rest = parser.parse_known_args(arguments)
    noting.note(command, detail=" ".join(rest[1:]), reason=told.reason)
    return rest


@contextmanager
def _nowhere() -> Iterator[None]:
    """Meanwhile the home is a folder that goes again: who only asks what there is must find nothing made."""
    before = os.environ.get("GONGMO_HOME")
    with tempfile.TemporaryDirectory(prefix="gongmo-help-") as folder:
        os.environ["GONGMO_HOME"] = folder
        try:
            yield
        finally:
            os.environ.pop("GONGMO_HOME")
            if before is not None:
                os.environ["GONGMO_HOME"] = before
