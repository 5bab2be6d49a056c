"""Why a committee can no longer be dissolved: it has judged something. Drafts that nobody handed in are no judgement (decision 0203)."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from gongmo.definition.base import Text
from gongmo.evaluation.models import Committee, PresentationSlot, ScoreSheet, SiteVisit
from gongmo.evaluation.states import VisitState

INSTEAD = Text(
    ko="위원 한 사람의 문제라면 ‘위원의 사퇴·회피 기록하기’나 ‘기피 결정 기록하기’로 그 위원의 평가표를 무효로 하고, ‘위원 더 위촉하기’로 다른 위원을 앉힐 수 있습니다.",
    en="Where one member is the matter, record that the member leaves or is challenged, which voids those sheets, and ask one more expert to join.",
)
"""What can be done once a committee has judged."""


def judged_already(committees: Iterable[Committee]) -> dict[int, Text]:
    """What each committee has judged, in words with what can be done instead; a committee that has judged nothing is missing. One statement.

    A sheet that was handed in counts even where it became void later; so does a presentation that began, and a site visit that took place.
    """
    handed_in = ScoreSheet.objects.filter(seat__committee=OuterRef("pk")).exclude(locked_at=None)
    heard = PresentationSlot.objects.filter(day__run__committee=OuterRef("pk")).exclude(started_at=None)
    visited = SiteVisit.objects.filter(committee=OuterRef("pk"), state=VisitState.DONE)
    found: dict[int, Text] = {}
    rows = (
        Committee.objects.filter(pk__in=[each.pk for each in committees])
        .annotate(handed_in=Exists(handed_in), heard=Exists(heard), visited=Exists(visited))
        .values_list("pk", "handed_in", "heard", "visited")
    )
    for pk, sheets, talks, visits in rows:
        if sheets:
            what = Text(ko="이미 확정한 평가표가 있어", en="A sheet has been handed in")
        elif talks:
            what = Text(ko="이미 발표를 들어", en="A presentation has been heard")
        elif visits:
            what = Text(ko="이미 현장평가를 마쳐", en="A site visit has taken place")
        else:
            continue
        found[pk] = Text(
            ko=f"이 위원회는 {what.ko} 해산할 수 없습니다. {INSTEAD.ko}",
            en=f"{what.en}: this committee cannot be dissolved. {INSTEAD.en}",
        )
    return found
