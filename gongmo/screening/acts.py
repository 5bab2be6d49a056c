"""The names of this floor's recorded acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "screening.open_reviews": ("적격성 검토 시작", "Opened the eligibility reviews"),
        "screening.record_fact": ("사실 확인 기록", "Recorded a fact"),
        "screening.demand_proof": ("증빙 요구", "Demanded proof"),
        "screening.hand_in_proof": ("증빙 제출", "Handed in proof"),
        "screening.request_supplement": ("보완 요청", "Asked for a supplement"),
        "screening.save_supplement": ("보완 작성", "Wrote on a supplement"),
        "screening.answer_supplement": ("보완 제출", "Answered a supplement request"),
        "screening.accept_supplement": ("보완 완료 처리", "Accepted a supplement"),
        "screening.withdraw_supplement": ("보완 요청 거둠", "Took a supplement request back"),
        "screening.expire_supplements": ("보완 기한 지남", "Supplement requests ran out"),
        "screening.decide_eligible": ("적격 결정", "Decided eligible"),
        "screening.propose_exclusion": ("제외 제안", "Proposed an exclusion"),
        "screening.confirm_exclusion": ("제외 확정", "Confirmed an exclusion"),
        "screening.reinstate": ("제외 취소", "Lifted an exclusion"),
        "screening.file_objection": ("이의신청", "Objected to an exclusion"),
        "screening.withdraw_objection": ("이의신청 철회", "Withdrew an objection"),
        "screening.answer_objection": ("이의신청 답변", "Answered an objection"),
        "screening.assign_officer": ("담당자 지정", "Put an officer in charge"),
        "screening.take_over": ("담당 인수", "Took a review over"),
        "screening.hand_over": ("담당 업무 인계", "Handed work over"),
        "screening.remind": ("보완·증빙 다시 알림", "Reminded of open requests"),
        "screening.send_notice": ("안내 보냄", "Sent a message"),
    }
)
