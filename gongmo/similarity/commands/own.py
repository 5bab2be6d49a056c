"""The installation's own calls in the corpus: applications of closed calls, and of these the ones that were agreed with."""

import hashlib
from datetime import date

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.applications.queries.reading import standing_submission
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.definition import application as plain
from gongmo.similarity.indexing import words_of
from gongmo.similarity.models import EarlierProject
from gongmo.similarity.texts import answers


def add_own(*, application_id: int) -> EarlierProject | None:
    """Put a submitted application of a closed call into the corpus, as applied for. Nothing to do where it is there in the same words."""
    application = (
        Application.objects.select_related("call__version", "call__operator", "lead")
        .filter(pk=application_id, call__state__in=(CallState.CLOSED, CallState.FINISHED))
        .first()
    )
    submission = standing_submission(application) if application is not None else None
    if application is None or submission is None:
        return None
    value = plain.Application.model_validate_json(submission.content)
    definition = definition_of(submission.version)
    content = "\n".join(text for _, text in answers(definition, value))
    total = sum(cell.amount for cell in value.budget)
    words = {
        "title": value.title[:500],
        "goals": application.summary,
        "content": content,
        "effects": "",
        "keywords": "",
    }
    sha256 = hashlib.sha256(words_of(**words).encode()).hexdigest()
    with transaction.atomic():
        made, fresh = EarlierProject.objects.get_or_create(
            own_application=application.pk,
            defaults={
                **words,
                "owner": application.call.operator,
                "own_call": application.call.slug,
                "supported": False,
                "number": submission.receipt_number[:60],
                "organisation": application.lead.name[:200],
                "funder": application.call.operator.name[:200],
                "programme": application.call.title_ko[:300],
                "year": definition.announced_on.year,
                "money": total or None,
                "sha256": sha256,
            },
        )
        if not fresh and made.sha256 != sha256:
            # Out of its segment: the next indexing takes it up with its new words.
            EarlierProject.objects.filter(pk=made.pk).update(**words, sha256=sha256, segment=None)
    return made


def note_supported(*, application_id: int, ended_on: date | None) -> None:
    """Mark an application of the corpus as supported, with the day on which its project ends. Adds it where it is not there yet."""
    if add_own(application_id=application_id) is not None:
        EarlierProject.objects.filter(own_application=application_id).update(
            supported=True, ended_on=ended_on
        )
