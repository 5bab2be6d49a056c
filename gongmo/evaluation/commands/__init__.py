"""Every change of the evaluation: pool, committee, conflicts, stages, sheets, visits, presenters, ranking."""

from gongmo.evaluation.commands.assigning import assign_missing
from gongmo.evaluation.commands.bonus import decide_bonus, propose_bonus
from gongmo.evaluation.commands.by_hand import invite_expert
from gongmo.evaluation.commands.challenges import ask_challenge, decide_challenge
from gongmo.evaluation.commands.committee import (
    decline,
    form_committee,
    leave,
    name_chair,
    pledge,
    seat_reserve,
)
from gongmo.evaluation.commands.conflicts import challenge, declare_conflict
from gongmo.evaluation.commands.day import (
    check_presenter,
    end_turn,
    mark_absent,
    note_question,
    start_questions,
    start_talk,
    undo_absence,
)
from gongmo.evaluation.commands.dissolving import dissolve_committee
from gongmo.evaluation.commands.forming import (
    change_proposal,
    drop_proposal,
    fix_proposal,
    propose_committee,
)
from gongmo.evaluation.commands.notes import drop_note, note
from gongmo.evaluation.commands.objections import answer_objection, object_to_result, open_reevaluation
from gongmo.evaluation.commands.pool import declare_relation, register_evaluator
from gongmo.evaluation.commands.pool_import import import_evaluators
from gongmo.evaluation.commands.pool_keeping import (
    add_absence,
    add_affiliation,
    drop_absence,
    end_affiliation,
    give_consent,
    update_evaluator,
    withdraw_consent,
)
from gongmo.evaluation.commands.presentation import announce_day, drop_day, plan_day, replan_day
from gongmo.evaluation.commands.presenters import answer_substitute, ask_substitute
from gongmo.evaluation.commands.ranking import decide_tie, fix_ranking
from gongmo.evaluation.commands.results import tell_results
from gongmo.evaluation.commands.sheets import lock_sheet, save_sheet
from gongmo.evaluation.commands.sheets_fields import save_sheet_fields
from gongmo.evaluation.commands.stages import lock_stage, open_stage
from gongmo.evaluation.commands.stages_control import remind, set_due
from gongmo.evaluation.commands.visits import add_photo, plan_visit, record_visit, want_site_visit

__all__ = [
    "add_absence",
    "add_affiliation",
    "add_photo",
    "announce_day",
    "answer_objection",
    "answer_substitute",
    "ask_challenge",
    "ask_substitute",
    "assign_missing",
    "challenge",
    "change_proposal",
    "check_presenter",
    "decide_bonus",
    "decide_challenge",
    "decide_tie",
    "declare_conflict",
    "declare_relation",
    "decline",
    "dissolve_committee",
    "drop_absence",
    "drop_day",
    "drop_note",
    "drop_proposal",
    "end_affiliation",
    "end_turn",
    "fix_proposal",
    "fix_ranking",
    "form_committee",
    "give_consent",
    "import_evaluators",
    "invite_expert",
    "leave",
    "lock_sheet",
    "lock_stage",
    "mark_absent",
    "name_chair",
    "note",
    "note_question",
    "object_to_result",
    "open_reevaluation",
    "open_stage",
    "plan_day",
    "plan_visit",
    "pledge",
    "propose_bonus",
    "propose_committee",
    "record_visit",
    "register_evaluator",
    "remind",
    "replan_day",
    "save_sheet",
    "save_sheet_fields",
    "seat_reserve",
    "set_due",
    "start_questions",
    "start_talk",
    "tell_results",
    "undo_absence",
    "update_evaluator",
    "want_site_visit",
    "withdraw_consent",
]
