"""Readable names of this floor's acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "awards.open_negotiations": ("우선협상대상자를 정하고 협상을 시작했습니다", "opened negotiations"),
        "awards.note_negotiation": ("협상 내용을 기록했습니다", "recorded a negotiation meeting"),
        "awards.agree_negotiation": ("협상을 마쳤습니다", "concluded the negotiation"),
        "awards.fail_negotiation": ("협상이 결렬되었습니다", "the negotiation failed"),
        "awards.promote_next_in_rank": (
            "다음 순위로 협상을 시작했습니다",
            "next in rank, negotiation opened",
        ),
        "awards.allocate": ("사업비를 배분했습니다", "allocated the money"),
        "awards.draw_up_agreement": ("협약을 만들었습니다", "drew up the agreement"),
        "awards.sign_agreement": ("협약에 서명했습니다", "signed the agreement"),
        "awards.terminate_agreement": ("협약을 해약했습니다", "terminated the agreement"),
    }
)
