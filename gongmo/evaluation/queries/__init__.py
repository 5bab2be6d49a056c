"""Every read of the evaluation."""

from gongmo.evaluation.queries.desk import (
    Desk,
    DeskSheet,
    desk_of,
    my_seats,
    sheet_for,
    to_declare,
    visits_to_decide,
)
from gongmo.evaluation.queries.progress import (
    CommitteeView,
    StageProgress,
    committees_of,
    evaluator_pool,
    progress_of,
    substitutes_of,
    visits_of,
    whole_progress,
)
from gongmo.evaluation.queries.ranking import (
    fixed_ranking,
    moved,
    notice_of,
    open_ties,
    provisional_ranking,
    ranking_by_hash,
    ranking_value,
    versions_of,
)
from gongmo.evaluation.queries.replay import Replay, replay
from gongmo.evaluation.queries.results import (
    Result,
    objection_file,
    objections_of,
    own_objections,
    own_result,
    panels_for,
)

__all__ = [
    "CommitteeView",
    "Desk",
    "DeskSheet",
    "Replay",
    "Result",
    "StageProgress",
    "committees_of",
    "desk_of",
    "evaluator_pool",
    "fixed_ranking",
    "moved",
    "my_seats",
    "notice_of",
    "objection_file",
    "objections_of",
    "open_ties",
    "own_objections",
    "own_result",
    "panels_for",
    "progress_of",
    "provisional_ranking",
    "ranking_by_hash",
    "ranking_value",
    "replay",
    "sheet_for",
    "substitutes_of",
    "to_declare",
    "versions_of",
    "visits_of",
    "visits_to_decide",
    "whole_progress",
]
