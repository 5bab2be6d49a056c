"""What is stored of an application."""

from gongmo.applications.models.application import Application
from gongmo.applications.models.consortium import Consent, Declaration, Member
from gongmo.applications.models.content import Answer, BudgetCell, FieldChange, Kpi
from gongmo.applications.models.documents import ApplicationDocument, Origin, PaperContent, Signature
from gongmo.applications.models.submission import Arrival, DraftVersion, Submission

__all__ = [
    "Answer",
    "Application",
    "ApplicationDocument",
    "Arrival",
    "BudgetCell",
    "Consent",
    "Declaration",
    "DraftVersion",
    "FieldChange",
    "Kpi",
    "Member",
    "Origin",
    "PaperContent",
    "Signature",
    "Submission",
]
