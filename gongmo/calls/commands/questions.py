"""Questions about a call and their answers."""

from django.db import transaction

from gongmo.calls.commands.base import locked, said
from gongmo.calls.models import Question
from gongmo.calls.policies import may_ask, operates
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import digest
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.commands import append


def ask(*, actor: Actor, call_id: int, title: str, body: str) -> Question:
    """Ask the operator a question. The record keeps its hash, not its text, for people may write of themselves."""
    title = said(
        title, field="title", ko="질문 제목을 적어 주세요.", en="Give the question a title.", limit=200
    )
    body = said(body, field="body", ko="질문 내용을 적어 주세요.", en="Write your question.")
    with transaction.atomic():
        call = locked(call_id)
        may_ask.require(actor, call)
        if call.state in (CallState.CANCELLED, CallState.FINISHED):
            raise Refused(
                "call_over",
                "끝난 공고에는 질문을 남길 수 없습니다.",
                "This call is over and takes no questions.",
            )
        question = Question.objects.create(
            call=call, asked_by_id=actor.person, title=title, body=body, asked_at=clock.now()
        )
        append(
            actor=actor,
            act="calls.ask",
            subject=("call", call.pk),
            call=call.slug,
            payload={"question": question.pk, "sha256": digest([title, body])},
        )
    return question


def answer(*, actor: Actor, question_id: int, answer: str, public: bool) -> Question:
    """Answer a question, for everyone (`public`) or for the asker only. A later answer replaces the earlier one."""
    text = said(answer, field="answer", ko="답변을 적어 주세요.", en="Write the answer.", limit=8000)
    with transaction.atomic():
        question = (
            Question.objects.select_for_update(of=("self",))
            .select_related("call")
            .filter(pk=question_id)
            .first()
        )
        if question is None:
            raise NotFound
        operates.require(actor, question.call)
        question.answer, question.public, question.answered_at = text, public, clock.now()
        question.save(update_fields=["answer", "public", "answered_at"])
        append(
            actor=actor,
            act="calls.answer",
            subject=("call", question.call_id),
            call=question.call.slug,
            payload={"question": question.pk, "public": public, "sha256": digest(text)},
        )
    return question
