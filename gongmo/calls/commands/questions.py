"""Questions about a call and their answers."""

from django.db import transaction

from gongmo.calls.commands.base import locked, said
from gongmo.calls.models import Answer, Notice, NoticeKind, Question
from gongmo.calls.policies import may_ask, operates
from gongmo.calls.states import CallState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.canonical import digest
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.commands import append
from gongmo.ledger.locks import lock

ANSWER_LIMIT = 8000
"""Letters of an answer."""


def ask(*, actor: Actor, call_id: int, title: str, body: str) -> Question:
    """Ask the operator a question. The record keeps its hash, not its text, for people may write of themselves."""
    with transaction.atomic():
        call = locked(call_id)
        may_ask.require(actor, call)
        title = said(
            title, field="title", ko="질문 제목을 적어 주세요.", en="Give the question a title.", limit=200
        )
        body = said(body, field="body", ko="질문 내용을 적어 주세요.", en="Write your question.")
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


def answer(*, actor: Actor, question_id: int, answer: str, public: bool, reason: str = "") -> Question:
    """Answer a question, for everyone (`public`) or for the asker only. Every answer is kept as a version.

    A published answer may have been acted on: another text follows it as its next version, with a notice that names the `reason`.
    Refused: not the operator, nothing changes, a published answer taken back.
    """
    with transaction.atomic():
        if not lock(Question, question_id):
            raise NotFound
        question = Question.objects.select_related("call").get(pk=question_id)
        operates.require(actor, question.call)
        text = said(
            answer, field="answer", ko="답변을 적어 주세요.", en="Write the answer.", limit=ANSWER_LIMIT
        )
        published = question.public and question.answered_at is not None
        if published and not public:
            raise Refused(
                "answer_published",
                "공개한 답변은 거두어들일 수 없습니다. 답변을 고쳐 새 판으로 내 주세요.",
                "A published answer cannot be taken back. Publish a corrected version.",
            )
        if question.answered_at is not None and (text, public) == (question.answer, question.public):
            raise Refused(
                "answer_unchanged",
                "지금 답변과 달라진 곳이 없습니다.",
                "Nothing differs from the answer that stands.",
            )
        corrected = published and text != question.answer
        if corrected:
            reason = said(
                reason,
                field="reason",
                ko="이미 공개한 답변입니다. 고치는 까닭을 적어 주세요.",
                en="This answer is public already. Say why it is corrected.",
                limit=1000,
            )
        now = clock.now()
        number = question.versions.count() + 1
        question.answer, question.public, question.answered_at = text, public, now
        question.save(update_fields=["answer", "public", "answered_at"])
        Answer.objects.create(
            question=question,
            number=number,
            text=text,
            public=public,
            reason=reason if corrected else "",
            answered_at=now,
        )
        if corrected:
            Notice.objects.create(
                call=question.call,
                kind=NoticeKind.GENERAL,
                title=f"답변 정정: {question.title}"[:200],
                body=reason,
                published_at=now,
            )
        append(
            actor=actor,
            act="calls.answer",
            subject=("call", question.call_id),
            call=question.call.slug,
            payload={
                "question": question.pk,
                "public": public,
                "version": number,
                "corrected": corrected,
                "sha256": digest(text),
            },
        )
    return question
