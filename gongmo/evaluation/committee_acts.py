"""The names of the recorded acts on pool, forming, seats and challenges."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "evaluation.update_evaluator": ("평가위원 후보 정보 수정", "Changed an evaluator's particulars"),
        "evaluation.import_evaluators": ("평가위원 후보 파일 등록", "Imported evaluators"),
        "evaluation.give_consent": ("후보단 참여와 개인정보 이용 동의", "Consented to be in the pool"),
        "evaluation.withdraw_consent": ("후보단 동의 철회", "Took back the consent to be in the pool"),
        "evaluation.add_affiliation": ("소속 등록", "Added an affiliation"),
        "evaluation.end_affiliation": ("소속 종료", "Ended an affiliation"),
        "evaluation.add_absence": ("참석할 수 없는 날 등록", "Told days away"),
        "evaluation.drop_absence": ("참석할 수 없는 날 삭제", "Took back days away"),
        "evaluation.propose_committee": ("위원회 구성안 계산", "Computed a proposal for the committee"),
        "evaluation.change_proposal": ("위원회 구성안 변경", "Changed the proposal by hand"),
        "evaluation.fix_proposal": ("위원회 구성안 확정", "Fixed a proposal"),
        "evaluation.drop_proposal": ("위원회 구성안 버림", "Dropped a proposal"),
        "evaluation.invite_expert": ("위원 추가 위촉", "Asked one more expert to join"),
        "evaluation.name_chair": ("위원장 지정", "Named the chair"),
        "evaluation.dissolve_committee": ("위원회 해산", "Dissolved the committee"),
        "evaluation.no_reserve": ("예비위원 없음", "No reserve was left"),
        "evaluation.assign_judges": ("신청별 평가위원 배정", "Assigned judges to applications"),
        "evaluation.give_sheets": ("평가표 추가 배부", "Gave out sheets"),
        "evaluation.ask_challenge": ("기피 신청", "Challenged a member"),
        "evaluation.reject_challenge": ("기피 신청 기각", "Rejected a challenge"),
    }
)
