"""What operators do with the queue. It is the machine's matter, not the programme's: the log keeps it, not the record."""

import logging
from uuid import UUID

from django.db import transaction
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.tasks import queue
from gongmo.tasks.models import Job
from gongmo.tasks.policies import may_operate
from gongmo.tasks.registry import named

log = logging.getLogger(__name__)


def run_again(*, actor: Actor, job_id: UUID) -> Job:
    """Put a failed job into the queue once more, with all its tries. Raises NotFound, or Refused where it has not failed."""
    if not may_operate(actor):
        raise NotFound
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        result = DBTaskResult.objects.filter(job=job).first() if job is not None else None
        if job is None or result is None:
            raise NotFound
        task = named(job.name)
        if result.status != TaskResultStatus.FAILED or task is None:
            raise Refused(
                "not_failed",
                "이 작업은 실패한 상태가 아닙니다. 이미 다시 하고 있거나 끝났는지 목록을 확인해 주세요.",
                "This task has not failed. See in the list whether it runs again or is done.",
            )
        queue.anew(job, task, result.args_kwargs)
    log.info("task %s (%s) is run again by person %s", job.name, job.pk, actor.person)
    return job
