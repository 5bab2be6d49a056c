"""The names of this floor's recorded acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "evaluation.register_evaluator": ("평가위원 후보 등록", "Registered an evaluator"),
        "evaluation.declare_relation": ("관계 신고", "Declared a relation"),
        "evaluation.form_committee": ("평가위원회 구성", "Formed the committee"),
        "evaluation.pledge": ("위촉 수락·서약", "Accepted the seat and pledged"),
        "evaluation.decline": ("위촉 거절", "Declined the seat"),
        "evaluation.leave": ("위원 회피", "Left the committee"),
        "evaluation.seat_reserve": ("예비위원 위촉", "Seated a reserve"),
        "evaluation.declare_conflict": ("이해충돌 신고", "Declared on conflicts of interest"),
        "evaluation.detect_conflicts": ("제척 사유 확인", "Detected conflicts of interest"),
        "evaluation.challenge": ("기피 결정", "Upheld a challenge"),
        "evaluation.open_stage": ("평가 단계 시작", "Opened a stage"),
        "evaluation.save_sheet": ("평가표 저장", "Saved a score sheet"),
        "evaluation.lock_sheet": ("평가표 확정", "Locked a score sheet"),
        "evaluation.void_sheets": ("평가표 무효 처리", "Voided score sheets"),
        "evaluation.reopen_sheets": ("평가표 되살림", "Reopened score sheets"),
        "evaluation.lock_stage": ("평가 단계 확정", "Locked a stage"),
        "evaluation.want_site_visit": ("현장평가 의결", "Found a site visit necessary"),
        "evaluation.plan_visit": ("현장평가 일정 잡음", "Planned a site visit"),
        "evaluation.add_visit_photo": ("현장평가 사진 올림", "Added a photograph of a site visit"),
        "evaluation.plan_presentations": ("발표 일정 세움", "Planned a day of presentations"),
        "evaluation.replan_presentations": ("발표 일정 바꿈", "Changed a day of presentations"),
        "evaluation.announce_presentations": ("발표 일정 알림", "Announced a day of presentations"),
        "evaluation.drop_presentations": ("발표 일정 지움", "Dropped a day of presentations"),
        "evaluation.check_presenter": ("발표자 확인", "Checked the presenter"),
        "evaluation.start_talk": ("발표 시작", "Began a presentation"),
        "evaluation.start_questions": ("질의응답 시작", "Began the questions"),
        "evaluation.end_turn": ("발표 마침", "Ended a presentation"),
        "evaluation.mark_absent": ("발표 불참 기록", "Noted an absence"),
        "evaluation.undo_absence": ("발표 불참 취소", "Took back an absence"),
        "evaluation.note_question": ("질문 기록", "Noted a question"),
        "evaluation.record_visit": ("현장평가 기록", "Recorded a site visit"),
        "evaluation.ask_substitute": ("대리 발표 동의 요청", "Asked for a substitute presenter"),
        "evaluation.answer_substitute": ("대리 발표 동의 여부 답변", "Answered on a substitute presenter"),
        "evaluation.give_bonus": ("가점 부여", "Gave bonus points"),
        "evaluation.decide_tie": ("동점 의결", "Decided a tie"),
        "evaluation.fix_ranking": ("순위 확정", "Fixed the ranking"),
    }
)
