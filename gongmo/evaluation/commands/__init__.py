"""Every change of the evaluation: pool, committee, conflicts, stages, sheets, visits, presenters, ranking."""

from gongmo.evaluation.commands.committee import decline, form_committee, leave, pledge, seat_reserve
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
from gongmo.evaluation.commands.notes import drop_note, note
from gongmo.evaluation.commands.pool import declare_relation, register_evaluator
from gongmo.evaluation.commands.presentation import announce_day, drop_day, plan_day, replan_day
from gongmo.evaluation.commands.presenters import answer_substitute, ask_substitute
from gongmo.evaluation.commands.ranking import decide_tie, fix_ranking, give_bonus
from gongmo.evaluation.commands.sheets import lock_sheet, save_sheet
from gongmo.evaluation.commands.sheets_fields import save_sheet_fields
from gongmo.evaluation.commands.stages import lock_stage, open_stage
from gongmo.evaluation.commands.visits import add_photo, plan_visit, record_visit, want_site_visit

__all__ = [
    "add_photo",
    "announce_day",
    "answer_substitute",
    "ask_substitute",
    "challenge",
    "check_presenter",
    "decide_tie",
    "declare_conflict",
    "declare_relation",
    "decline",
    "drop_day",
    "drop_note",
    "end_turn",
    "fix_ranking",
    "form_committee",
    "give_bonus",
    "leave",
    "lock_sheet",
    "lock_stage",
    "mark_absent",
    "note",
    "note_question",
    "open_stage",
    "plan_day",
    "plan_visit",
    "pledge",
    "record_visit",
    "register_evaluator",
    "replan_day",
    "save_sheet",
    "save_sheet_fields",
    "seat_reserve",
    "start_questions",
    "start_talk",
    "undo_absence",
    "want_site_visit",
]
