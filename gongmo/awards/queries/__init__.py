"""What a person may see of negotiation, allocation and agreements."""

from gongmo.awards.queries.cases import CaseView, case_file, case_view, cases_of
from gongmo.awards.queries.overview import (
    AllocationView,
    agreement_for,
    allocation_of,
    child_calls,
    handed_on,
    manages,
    money_for,
    negotiations_of,
    overseen_calls,
    ranking_is_fixed,
    visible_agreements,
    work_pages,
)

__all__ = [
    "AllocationView",
    "CaseView",
    "agreement_for",
    "allocation_of",
    "case_file",
    "case_view",
    "cases_of",
    "child_calls",
    "handed_on",
    "manages",
    "money_for",
    "negotiations_of",
    "overseen_calls",
    "ranking_is_fixed",
    "visible_agreements",
    "work_pages",
]
