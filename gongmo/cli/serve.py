"""`gongmo serve`: runs the web server. Its options are those of the server itself (`gongmo serve --help`)."""

import argparse
import importlib

from gongmo.cli import output, start

NAME = "serve"


def run(args: argparse.Namespace) -> int:
    """Start Django, then hand all arguments to the web floor, which lies above this one and is found at run time."""
    if {"-h", "--help"} & set(args.arguments):
        importlib.import_module("gongmo.web.serve_options").parser().print_help()
        return output.OK
    try:
        home = importlib.import_module("gongmo.web.config").home()
    except importlib.import_module("gongmo.web.wrong").Wrong:
        # It is told with whatever else is wrong.
        start.django()
        raise
    importlib.import_module("gongmo.web.running").prepare(home)
    start.django()
    return int(importlib.import_module("gongmo.web.serve").serve(args.arguments))
