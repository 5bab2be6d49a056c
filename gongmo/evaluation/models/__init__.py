"""What is stored by this floor, one module a use case."""

from gongmo.evaluation.models.challenges import Challenge
from gongmo.evaluation.models.committee import (
    Assignment,
    Committee,
    ConflictDeclaration,
    Disqualification,
    DisqualificationKind,
    Dissolution,
    Seat,
)
from gongmo.evaluation.models.forming import Proposal
from gongmo.evaluation.models.notes import EvaluatorNote, NoteKind
from gongmo.evaluation.models.objections import Objection, ObjectionFile, ResultNotice
from gongmo.evaluation.models.pool import SECTORS, Absence, Affiliation, Evaluator, Relation
from gongmo.evaluation.models.presentation import (
    PresentationDay,
    PresentationQuestion,
    PresentationSlot,
    SiteVisit,
    Substitute,
    VisitPhoto,
)
from gongmo.evaluation.models.ranking import Bonus, Ranking, TieDecision
from gongmo.evaluation.models.sheets import Score, ScoreSheet, VoidKind
from gongmo.evaluation.models.stages import StageRun

__all__ = [
    "SECTORS",
    "Absence",
    "Affiliation",
    "Assignment",
    "Bonus",
    "Challenge",
    "Committee",
    "ConflictDeclaration",
    "Disqualification",
    "DisqualificationKind",
    "Dissolution",
    "Evaluator",
    "EvaluatorNote",
    "NoteKind",
    "Objection",
    "ObjectionFile",
    "PresentationDay",
    "PresentationQuestion",
    "PresentationSlot",
    "Proposal",
    "Ranking",
    "Relation",
    "ResultNotice",
    "Score",
    "ScoreSheet",
    "Seat",
    "SiteVisit",
    "StageRun",
    "Substitute",
    "TieDecision",
    "VisitPhoto",
    "VoidKind",
]
