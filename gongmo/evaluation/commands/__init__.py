"""Every change of the evaluation: pool, committee, conflicts, stages, sheets, visits, presenters, ranking."""

from gongmo.evaluation.commands.committee import decline, form_committee, leave, pledge, seat_reserve
from gongmo.evaluation.commands.conflicts import challenge, declare_conflict
from gongmo.evaluation.commands.pool import declare_relation, register_evaluator
from gongmo.evaluation.commands.presenters import answer_substitute, ask_substitute
from gongmo.evaluation.commands.ranking import decide_tie, fix_ranking, give_bonus
from gongmo.evaluation.commands.sheets import lock_sheet, save_sheet
from gongmo.evaluation.commands.stages import lock_stage, open_stage
from gongmo.evaluation.commands.visits import record_visit, want_site_visit

__all__ = [
    "answer_substitute",
    "ask_substitute",
    "challenge",
    "decide_tie",
    "declare_conflict",
    "declare_relation",
    "decline",
    "fix_ranking",
    "form_committee",
    "give_bonus",
    "leave",
    "lock_sheet",
    "lock_stage",
    "open_stage",
    "pledge",
    "record_visit",
    "register_evaluator",
    "save_sheet",
    "seat_reserve",
    "want_site_visit",
]
