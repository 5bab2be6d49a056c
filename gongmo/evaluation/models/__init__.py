"""What is stored by this floor, one module a use case."""

from gongmo.evaluation.models.committee import (
    Committee,
    ConflictDeclaration,
    Disqualification,
    DisqualificationKind,
    Seat,
)
from gongmo.evaluation.models.pool import SECTORS, Affiliation, Evaluator, Relation
from gongmo.evaluation.models.presentation import SiteVisit, Substitute
from gongmo.evaluation.models.ranking import Bonus, Ranking, TieDecision
from gongmo.evaluation.models.sheets import Score, ScoreSheet, VoidKind
from gongmo.evaluation.models.stages import StageRun

__all__ = [
    "SECTORS",
    "Affiliation",
    "Bonus",
    "Committee",
    "ConflictDeclaration",
    "Disqualification",
    "DisqualificationKind",
    "Evaluator",
    "Ranking",
    "Relation",
    "Score",
    "ScoreSheet",
    "Seat",
    "SiteVisit",
    "StageRun",
    "Substitute",
    "TieDecision",
    "VoidKind",
]
