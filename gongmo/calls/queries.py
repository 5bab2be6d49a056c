"""What may be read of calls. Published calls are public."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongmo.calls.models import Answer, Call, CallVersion, Notice, Question
from gongmo.calls.policies import may_see_question, operates
from gongmo.calls.states import CallState
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger.models import Entry
from gongmo.ledger.prepared import prepared

REVIEW_STARTED = "screening.open_reviews"
"""The ledger's act with which the floor above starts to judge what was handed in."""

LONG = ("definition", "announcement_ko", "announcement_en", "changes")
"""The long texts of a version, which lists do not read."""

_KEPT = 64
_definitions: OrderedDict[str, Definition] = OrderedDict()
_lock = Lock()


def definition_of(version_or_call: CallVersion | Call) -> Definition:
    """The typed definition of a frozen version, or of a call's version in force. Kept in memory by its SHA-256.

    Raises NotFound for a call without a version.
    """
    version = version_or_call.version if isinstance(version_or_call, Call) else version_or_call
    if version is None:
        raise NotFound
    with _lock:
        known = _definitions.get(version.sha256)
        if known is not None:
            _definitions.move_to_end(version.sha256)
            return known
    made = Definition.model_validate_json(version.definition)
    with _lock:
        _definitions[version.sha256] = made
        while len(_definitions) > _KEPT:
            _definitions.popitem(last=False)
    return made


def visible_calls(actor: Actor) -> QuerySet[Call]:
    """The calls that an actor may see: every published one, with operator, version (text deferred) and parent at hand."""
    return (
        Call.objects.select_related("operator", "version", "parent", "card")
        .defer("card__search", *(f"version__{name}" for name in LONG))
        .annotate(
            announced=Exists(
                CallVersion.objects.filter(pk=OuterRef("version_id")).exclude(
                    announcement_ko="", announcement_en=""
                )
            )
        )
    )


def call_by_slug(actor: Actor, slug: str) -> Call:
    """The call of that slug. Raises NotFound."""
    call = _by_slug.first(slug=slug)
    if call is None:
        raise NotFound
    return call


@prepared
def _by_slug(*, slug: str) -> QuerySet[Call]:
    # Every published call is seen by everybody.
    return visible_calls(PUBLIC).filter(slug=slug).order_by()


def latest_of(programme: str) -> Call | None:
    """The programme's call that was published last, with its version. None where there was none. One statement."""
    return (
        Call.objects.select_related("version")
        .filter(programme=programme)
        .order_by("-published_at", "-pk")
        .first()
    )


def children_of(call: Call) -> QuerySet[Call]:
    """The calls that hand on money of agreements made under this call, newest first."""
    return (
        Call.objects.filter(parent=call)
        .select_related("operator", "version")
        .defer(*(f"version__{name}" for name in LONG))
    )


def moments(call: Call) -> tuple[bool, bool]:
    """Whether its intake has begun and is over at this instant: what a kept page of the call depends on besides the record."""
    now = clock.now()
    return now >= call.opens_at, now >= call.closes_at


def takes_applications(call: Call, at: datetime) -> bool:
    """Whether a request received at this instant counts: opens_at <= at < closes_at, and the call was not cancelled or finished.

    The instants decide, not the state: a request that was received in time counts although the call is closed by the
    time it is dealt with.
    """
    return call.state in (CallState.PUBLISHED, CallState.CLOSED) and call.opens_at <= at < call.closes_at


def open_now(call: Call, at: datetime | None = None) -> bool:
    """Whether the call takes applications at the instant (now when not given)."""
    return takes_applications(call, clock.now() if at is None else at)


def review_started(call: Call) -> bool:
    """Whether the floor above has begun to judge what was handed in; from then on the deadline stands."""
    return Entry.objects.filter(call=call.slug, act=REVIEW_STARTED).exists()


def versions_of(call: Call) -> QuerySet[CallVersion]:
    """A call's versions, newest first, without their texts."""
    return CallVersion.objects.filter(call=call).defer(*LONG).order_by("-number")


def notices_of(call: Call) -> QuerySet[Notice]:
    """A call's notices, newest first."""
    return Notice.objects.filter(call=call)


def takes_questions(call: Call) -> bool:
    """Whether the call still takes questions."""
    return call.state in (CallState.PUBLISHED, CallState.CLOSED)


def questions_of(actor: Actor, call: Call) -> QuerySet[Question]:
    """The questions of a call that the actor may see, newest first (policy calls.see_question)."""
    questions = Question.objects.filter(call=call)
    if operates(actor, call):
        return questions
    visible = Q(public=True, answered_at__isnull=False)
    if actor.person is not None:
        visible |= Q(asked_by=actor.person)
    return questions.filter(visible)


def questions_found(actor: Actor, call: Call, *, words: str = "", state: str = "") -> QuerySet[Question]:
    """Of them those in whose title, text or answer every word stands (the first eight count). `state`: "waiting" for the unanswered,
    the oldest first; "mine" for the actor's own."""
    found = questions_of(actor, call)
    for word in words.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(body__icontains=word) | Q(answer__icontains=word))
    if state == "waiting":
        return found.filter(answered_at__isnull=True).order_by("asked_at", "pk")
    if state == "mine":
        return found.filter(asked_by=actor.person) if actor.person is not None else found.none()
    return found


def answered(actor: Actor, call: Call) -> QuerySet[Question]:
    """The answered ones of them, the latest answer first."""
    return questions_of(actor, call).filter(answered_at__isnull=False).order_by("-answered_at", "-pk")


def waiting(call: Call) -> QuerySet[Question]:
    """The questions that nobody has answered, the oldest first."""
    return Question.objects.filter(call=call, answered_at__isnull=True).order_by("asked_at", "pk")


def question_for(actor: Actor, slug: str, pk: int) -> Question:
    """A question of that call with its call, when the actor may see it. Raises NotFound."""
    call = call_by_slug(actor, slug)
    found = questions_of(actor, call).filter(pk=pk).first()
    if found is None:
        raise NotFound
    found.call = call
    return found


def question_by_id(actor: Actor, question_id: int) -> Question:
    """A question with its call, when the actor may see it (policy calls.see_question). One statement. Raises NotFound."""
    found = Question.objects.select_related("call").filter(pk=question_id).first()
    if found is None or not may_see_question(actor, found):
        raise NotFound
    return found


def answers_of(actor: Actor, question: Question) -> list[Answer]:
    """Every answer that a question has had, the newest first: for the operator and the asker. Others get the published ones."""
    found = list(question.versions.order_by("-number"))
    if operates(actor, question.call) or question.asked_by_id == actor.person:
        return found
    return [version for version in found if version.public]


def version_of(call: Call, number: int) -> CallVersion:
    """One version of the call with its text. Raises NotFound."""
    found = CallVersion.objects.filter(call=call, number=number).first()
    if found is None:
        raise NotFound
    return found
