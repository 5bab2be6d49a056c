"""What must hold of calls, on live data."""

from collections.abc import Iterator

from gongmo.calls.cards import card_values
from gongmo.calls.models import Answer, Call, CallVersion, Card, Question
from gongmo.calls.queries import definition_of
from gongmo.kernel.canonical import sha256_hex
from gongmo.kernel.invariants import Broken, invariant


@invariant(
    "calls.versions_frozen",
    ko="공고의 각 판은 공고할 때의 내용과 지문이 같습니다.",
    en="Each version of a call still has the fingerprint of its text.",
)
def versions_frozen() -> Iterator[Broken]:
    """Every version's text hashes to its SHA-256."""
    for version in CallVersion.objects.iterator(chunk_size=50):
        found = sha256_hex(version.definition)
        if found != version.sha256:
            yield Broken(f"call_version {version.pk}", found, version.sha256)


@invariant(
    "calls.version_in_force",
    ko="공고의 마감 시각은 시행 중인 판의 마감 시각과 같고, 판 번호는 1부터 이어집니다.",
    en="A call's deadline is that of its version in force, and versions are numbered from 1 without gaps.",
)
def version_in_force() -> Iterator[Broken]:
    """The version in force is the newest, its window is the call's, and version numbers have no gaps."""
    for call in Call.objects.select_related("version").prefetch_related("versions"):
        numbers = [version.number for version in call.versions.all()]
        if numbers != list(range(1, len(numbers) + 1)):
            yield Broken(f"call {call.slug}", f"versions {numbers}", "1, 2, 3 ...")
        if call.version is None or call.version.number != len(numbers):
            yield Broken(f"call {call.slug}", f"version {call.version_id}", "the newest version in force")
            continue
        intake = definition_of(call).intake
        if (intake.opens, intake.closes) != (call.opens_at, call.closes_at):
            yield Broken(
                f"call {call.slug}",
                f"{call.opens_at.isoformat()} ~ {call.closes_at.isoformat()}",
                f"{intake.opens.isoformat()} ~ {intake.closes.isoformat()}",
            )


@invariant(
    "calls.cards",
    ko="목록과 검색이 읽는 공고의 요약은 시행 중인 판과 같습니다.",
    en="What lists and searches read of a call is that of its version in force.",
)
def cards() -> Iterator[Broken]:
    """Every call has its card, with the values that its definition gives."""
    found = Card.objects.in_bulk()
    for call in Call.objects.select_related("operator", "version").iterator(chunk_size=50):
        card = found.get(call.pk)
        if card is None or call.version is None:
            yield Broken(f"call {call.slug}", "no card", "a card")
            continue
        for name, value in card_values(call, definition_of(call)).items():
            if getattr(card, name) != value:
                yield Broken(f"card of {call.slug}, {name}", getattr(card, name), value)


@invariant(
    "calls.answers",
    ko="질문의 답변은 마지막에 낸 답변 판과 같습니다.",
    en="A question's answer is the last version of its answers.",
)
def answers() -> Iterator[Broken]:
    """The answer in force is the newest version; versions are numbered from 1 without gaps."""
    versions: dict[int, list[Answer]] = {}
    for answer in Answer.objects.order_by("question", "number").iterator(chunk_size=500):
        versions.setdefault(answer.question_id, []).append(answer)
    for question in Question.objects.iterator(chunk_size=500):
        own = versions.get(question.pk, [])
        where = f"question {question.pk}"
        numbers = [answer.number for answer in own]
        if numbers != list(range(1, len(own) + 1)):
            yield Broken(where, f"answers {numbers}", "1, 2, 3 ...")
        told = (own[-1].text, own[-1].public, own[-1].answered_at) if own else ("", False, None)
        if told != (question.answer, question.public, question.answered_at):
            yield Broken(where, "an answer that is not the last one given", "the last version")
