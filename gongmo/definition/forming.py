"""What a call settles about how its committee is put together and who judges what. All of it may be left out: then `USUAL` stands."""

from typing import Annotated, Literal

from pydantic import Field

from gongmo.definition.base import Based, Text

Expertise = Annotated[str, Field(min_length=1, max_length=60)]


class Forming(Based):
    """Limits within which a committee is put together, beside its size, sectors and quorum."""

    reserves: Annotated[int, Field(ge=0, le=20)] = 2
    """Reserves of each committee, who take the seats of members who decline or leave."""
    at_most_per_sector: Annotated[int, Field(ge=1, le=50)] | None = None
    at_most_per_organisation: Annotated[int, Field(ge=1, le=50)] | None = 1
    """Members of one committee who work at the same organisation; None: as many as there are."""
    expertise: Annotated[tuple[Expertise, ...], Field(max_length=20)] = ()
    """Fields that every committee must know, in the words of the pool: at least one member for each."""
    conflicts: Literal["whole_committee", "that_application"] = "that_application"
    """An expert with a conflict is left out of the whole committee, or judges all but that application (each keeps its quorum)."""
    yearly_sessions: Annotated[int, Field(ge=1, le=366)] = 45
    """Sessions that an expert may have in a calendar year, this one included."""
    keep_original: Annotated[int, Field(ge=0, le=20)] = 1
    """Members of the earlier committee who sit on a later one that looks at the same matter again."""
    assignment: Literal["committee", "per_application"] = "committee"
    """Every member judges every application of the committee, or each application has its own few judges."""
    judges: Annotated[int, Field(ge=1, le=50)] | None = None
    """With `per_application`: how many judge each application."""
    most_applications: Annotated[int, Field(ge=1, le=1000)] | None = None
    """With `per_application`: how many applications one expert judges at most; None: spread evenly."""
    applicants_see: Literal["nothing", "names"] = "nothing"
    """Whether applicants see who sits before scoring begins, so that they can challenge a member."""


USUAL = Forming(
    default=Text(
        ko="공고에 정한 바가 없어 흔히 쓰는 기준을 씁니다: 예비위원 2명, 같은 기관 1명까지, 한 해 45회까지, 다시 평가할 때 앞선 위원 1명 이상, 위원 명단은 신청 기관에 보이지 않음.",
        en="The call is silent, so the usual stands: two reserves, one member of an organisation, 45 sessions a year, one earlier member on a later panel, members not shown to applicants.",
    ),
    citation="비슷한 사업의 운영 규정 / rules of similar programmes",
)
