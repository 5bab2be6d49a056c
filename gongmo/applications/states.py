"""States of an application, of a member's place in it, and of a submission."""

from enum import StrEnum

from gongmo.kernel.states import Family, Shown, StateTable


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


applications_table = StateTable(
    name="application",
    moves={
        ApplicationState.DRAFT: frozenset({ApplicationState.SUBMITTED}),
        ApplicationState.SUBMITTED: frozenset({ApplicationState.WITHDRAWN}),
        ApplicationState.WITHDRAWN: frozenset({ApplicationState.SUBMITTED}),
    },
    shown={
        ApplicationState.DRAFT: Shown("작성 중", "Draft", Family.PREPARING),
        ApplicationState.SUBMITTED: Shown("제출", "Submitted", Family.PROGRESS),
        ApplicationState.WITHDRAWN: Shown("철회", "Withdrawn", Family.STOPPED),
    },
)


class MemberState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


members_table = StateTable(
    name="member",
    moves={
        MemberState.INVITED: frozenset({MemberState.ACCEPTED, MemberState.DECLINED, MemberState.REMOVED}),
        MemberState.ACCEPTED: frozenset({MemberState.REMOVED}),
        MemberState.DECLINED: frozenset({MemberState.INVITED}),
        MemberState.REMOVED: frozenset({MemberState.INVITED}),
    },
    shown={
        MemberState.INVITED: Shown("초대함", "Invited", Family.ATTENTION),
        MemberState.ACCEPTED: Shown("참여", "Joined", Family.DONE),
        MemberState.DECLINED: Shown("거절", "Declined", Family.STOPPED),
        MemberState.REMOVED: Shown("제외", "Removed", Family.STOPPED),
    },
)
