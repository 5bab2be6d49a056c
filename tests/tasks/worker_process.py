"""A worker process on the tests' database, with the tests' tasks: python -m tests.tasks.worker_process NAME LEASE GRACE PARENT."""

import sys
from datetime import timedelta

import django

django.setup()

from gongmo.tasks.worker import Worker  # noqa: E402
from tests.tasks import sample_tasks  # noqa: E402, F401

name, lease, grace, parent = sys.argv[1:]
Worker(
    name,
    lease=timedelta(seconds=float(lease)),
    grace=timedelta(seconds=float(grace)),
    parent=int(parent) or None,
).serve()
