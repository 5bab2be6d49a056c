"""`gongmo manage`: Django's own management commands with Gongmo's settings (migrate, createsuperuser, shell ...)."""

import argparse
import importlib

from gongmo.cli import output, start

NAME = "manage"


def run(args: argparse.Namespace) -> int:
    """Run a management command with its arguments. Raises what the command raises."""
    start.django()
    management = importlib.import_module("django.core.management")
    try:
        management.execute_from_command_line(["gongmo manage", *args.arguments])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else output.OK if stop.code is None else output.FAILED
    return output.OK
