"""Whom this floor tells: officers of new questions, askers of answers. What a change means for drafts is told one floor above."""

from collections.abc import Iterable

from gongmo.calls.models import Call, Question
from gongmo.definition.base import Text
from gongmo.kernel.actor import Role
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.queries import officers
from gongmo.notices.telling import Telling, tells
from gongmo.parties.pages import address


def operators_of(call: Call) -> list[tuple[Role, list[int]]]:
    """The officers who run a call, by the role in which they do."""
    role = Role.TASK_FORCE if call.parent_agreement is not None else Role.AGENCY
    found = officers(role, call.operator_id)
    # An agency may hold a second-level call, too.
    return (
        [(role, found)]
        if found or role is Role.AGENCY
        else [(Role.AGENCY, officers(Role.AGENCY, call.operator_id))]
    )


def to_operators(call: Call, category: Category, title: Text, body: Text, url: str) -> Iterable[Telling]:
    """A telling for the officers who run a call."""
    for role, people in operators_of(call):
        yield Telling(people, category, title, body, url, role=role, organisation=call.operator_id)


@tells("calls.ask")
def asked(entry: Record) -> Iterable[Telling]:
    question = Question.objects.select_related("call").get(pk=entry.payload["question"])
    call = question.call
    yield from to_operators(
        call,
        Category.CALL,
        Text(ko=f"새 질문: {question.title}", en=f"New question: {question.title}"),
        Text(
            ko=f"‘{call.title_ko}’에 질문이 들어왔습니다.", en=f"A question on “{call.title_en}” has come in."
        ),
        address("calls:question", call.slug, question.pk) or address("calls:manage", call.slug),
    )


@tells("calls.answer")
def answered(entry: Record) -> Iterable[Telling]:
    question = Question.objects.select_related("call").get(pk=entry.payload["question"])
    if question.asked_by_id is None:
        return
    again = bool(entry.payload.get("corrected"))
    call = question.call
    yield Telling(
        [question.asked_by_id],
        Category.CALL,
        Text(
            ko=f"질문의 답이 바뀌었습니다: {question.title}"
            if again
            else f"질문에 답이 달렸습니다: {question.title}",
            en=f"The answer has changed: {question.title}"
            if again
            else f"Your question is answered: {question.title}",
        ),
        Text(
            ko=f"‘{call.title_ko}’의 담당자가 답했습니다. 답은 공고 화면에 있습니다.",
            en=f"The officer of “{call.title_en}” has answered. The answer is on the call's page.",
        ),
        address("calls:question", call.slug, question.pk) or address("calls:call", call.slug),
    )
