"""What stands now: the newest judgements, and what still has to be judged."""

from gongmo.applications.models import Application
from gongmo.definition.similar import Similar
from gongmo.similarity.models import Judgement, Match, Pair

Thing = tuple[str, int]
"""("project", id) or ("other", id of an application)."""
ATTENTION = 25
ATTENTION_PAIRS = 40


def thing_of(judgement: Judgement) -> Thing:
    """What a judgement is about."""
    return (
        ("project", judgement.project)
        if judgement.project is not None
        else ("other", judgement.other_id or 0)
    )


def newest_judgements(application_id: int) -> list[Judgement]:
    """The judgements that stand: the newest on each thing, in the order in which they were made. One query."""
    found: dict[Thing, Judgement] = {}
    rows = Judgement.objects.filter(application=application_id).select_related(
        "organisation", "judged_by", "evidence"
    )
    for each in rows.order_by("pk"):
        found[thing_of(each)] = each
    return sorted(found.values(), key=lambda each: each.pk)


def limits(settings: Similar | None) -> tuple[int, int]:
    """Likeness in thousandths from which an earlier project, and a pair of applications, has to be judged."""
    if settings is None:
        return ATTENTION * 10, ATTENTION_PAIRS * 10
    return settings.attention * 10, settings.attention_pairs * 10


def to_be_judged(application: Application, settings: Similar | None) -> list[Thing]:
    """What was found from the call's limit up and nobody has judged yet, for this application. Three queries."""
    attention, pairs = limits(settings)
    matches = Match.objects.filter(look__application=application, score__gte=attention)
    found: list[Thing] = [("project", pk) for pk in matches.values_list("project", flat=True)]
    both = Pair.objects.filter(look__call=application.call_id, score__gte=pairs)
    for left, right in both.values_list("left", "right"):
        if application.pk in (left, right):
            found.append(("other", right if left == application.pk else left))
    judged = {thing_of(each) for each in newest_judgements(application.pk)}
    return [each for each in found if each not in judged]
