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
)
from gongmo.evaluation.queries.ranking import (
    Disclosed,
    disclosed_to,
    fixed_ranking,
    open_ties,
    provisional_ranking,
    ranking_value,
)
from gongmo.evaluation.queries.replay import Replay, replay

__all__ = [
    "CommitteeView",
    "Desk",
    "DeskSheet",
    "Disclosed",
    "Replay",
    "StageProgress",
    "committees_of",
    "desk_of",
    "disclosed_to",
    "evaluator_pool",
    "fixed_ranking",
    "my_seats",
    "open_ties",
    "progress_of",
    "provisional_ranking",
    "ranking_value",
    "replay",
    "sheet_for",
    "substitutes_of",
    "to_declare",
    "visits_of",
    "visits_to_decide",
]
