"""Readable names of this floor's acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "awards.open_negotiations": ("우선협상대상자를 정하고 협상을 시작했습니다", "opened negotiations"),
        "awards.note_negotiation": ("협상 내용을 기록했습니다", "recorded a negotiation meeting"),
        "awards.warn_negotiation": ("협상 기한을 알렸습니다", "told of the negotiation's limit"),
        "awards.warn_agreement": ("협약 서명 기한을 알렸습니다", "told of the limit for signing"),
        "awards.make_offer": ("협상안을 냈습니다", "made an offer"),
        "awards.accept_points": ("협상안의 항목에 동의했습니다", "agreed to points of an offer"),
        "awards.agree_negotiation": ("협상을 마쳤습니다", "concluded the negotiation"),
        "awards.fail_negotiation": ("협상이 결렬되었습니다", "the negotiation failed"),
        "awards.promote_next_in_rank": (
            "다음 순위로 협상을 시작했습니다",
            "next in rank, negotiation opened",
        ),
        "awards.allocate": ("사업비를 배분했습니다", "allocated the money"),
        "awards.draw_up_agreement": ("협약을 만들었습니다", "drew up the agreement"),
        "awards.revise_agreement": ("협약의 내용을 고쳤습니다", "revised the agreement"),
        "awards.add_own_signature": (
            "기관 인증서로 서명한 협약서를 올렸습니다",
            "added a signature with its own certificate",
        ),
        "awards.ask_amendment": ("협약 변경을 요청했습니다", "asked to change the agreement"),
        "awards.tell_amendment": ("협약 변경을 알렸습니다", "told of a change of the agreement"),
        "awards.approve_amendment": ("협약 변경을 승인했습니다", "approved a change of the agreement"),
        "awards.refuse_amendment": (
            "협약 변경을 승인하지 않았습니다",
            "did not approve a change of the agreement",
        ),
        "awards.ask_party_change": ("참여기관 변경을 요청했습니다", "asked to change who is party"),
        "awards.answer_joining": (
            "협약 참여 요청에 답했습니다",
            "answered the request to join the agreement",
        ),
        "awards.withdraw_amendment": ("협약 변경 요청을 거두었습니다", "withdrew the request for a change"),
        "awards.record_yearly_result": (
            "연차평가 결과를 기록했습니다",
            "recorded the result of an annual evaluation",
        ),
        "awards.re_agree": ("재협약안을 만들었습니다", "drew up the re-agreement"),
        "awards.sign_agreement": ("협약에 서명했습니다", "signed the agreement"),
        "awards.open_termination": (
            "협약 해약 사유를 다루기 시작했습니다",
            "opened a case on ending the agreement",
        ),
        "awards.ask_consent": ("합의 해약을 요청했습니다", "asked to end the agreement by consent"),
        "awards.answer_consent": ("합의 해약 요청에 답했습니다", "answered the request to end by consent"),
        "awards.state_in_termination": (
            "해약에 대한 의견을 냈습니다",
            "stated its case on ending the agreement",
        ),
        "awards.propose_termination": (
            "해약 건의 결정을 제안했습니다",
            "proposed a decision on ending the agreement",
        ),
        "awards.return_termination": ("해약 건의 제안을 되돌렸습니다", "sent the proposal on ending back"),
        "awards.keep_agreement": ("협약을 유지하기로 했습니다", "decided to keep the agreement"),
        "awards.finish_agreement": ("협약을 종료했습니다", "finished the agreement"),
        "awards.terminate_agreement": ("협약을 해약했습니다", "terminated the agreement"),
    }
)
