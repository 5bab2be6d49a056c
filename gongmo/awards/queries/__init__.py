"""What a person may see of negotiation, allocation and agreements."""

from gongmo.awards.queries.cases import CaseView, case_file, case_view, cases_of
from gongmo.awards.queries.changes import ChangesView, changes_of
from gongmo.awards.queries.letters import letters_of
from gongmo.awards.queries.offers import Table, table_for
from gongmo.awards.queries.overview import (
    AllocationView,
    agreement_for,
    allocation_of,
    child_calls,
    handed_on,
    manages,
    mark_of_agreement,
    money_for,
    negotiations_of,
    overseen_calls,
    ranking_is_fixed,
    visible_agreements,
    work_pages,
)
from gongmo.awards.queries.standing import Since, officers_in_charge, since_opened
from gongmo.awards.queries.versions import (
    VersionView,
    current_version,
    newest_sealed,
    version_of,
    version_view,
    versions_of,
)

__all__ = [
    "AllocationView",
    "CaseView",
    "ChangesView",
    "Since",
    "Table",
    "VersionView",
    "agreement_for",
    "allocation_of",
    "case_file",
    "case_view",
    "cases_of",
    "changes_of",
    "child_calls",
    "current_version",
    "handed_on",
    "letters_of",
    "manages",
    "mark_of_agreement",
    "money_for",
    "negotiations_of",
    "newest_sealed",
    "officers_in_charge",
    "overseen_calls",
    "ranking_is_fixed",
    "since_opened",
    "table_for",
    "version_of",
    "version_view",
    "versions_of",
    "visible_agreements",
    "work_pages",
]
