"""From score sheets to ranks, exactly: `rank(definition, scores, ...) -> Ranking`, or BadScores with every unusable row."""

from gongmo.rules.ranking.admit import BadScores, ScoreProblem
from gongmo.rules.ranking.place import rank
from gongmo.rules.ranking.table import read_bonus, read_panel, read_scores
from gongmo.rules.ranking.values import (
    BonusPoints,
    CutLine,
    CutoffSeen,
    Entry,
    Outcome,
    Ranking,
    Score,
    Seat,
    Sheet,
    StageScore,
    Standing,
    Tie,
    TieDecision,
)

__all__ = [
    "BadScores",
    "BonusPoints",
    "CutLine",
    "CutoffSeen",
    "Entry",
    "Outcome",
    "Ranking",
    "Score",
    "ScoreProblem",
    "Seat",
    "Sheet",
    "StageScore",
    "Standing",
    "Tie",
    "TieDecision",
    "rank",
    "read_bonus",
    "read_panel",
    "read_scores",
]
