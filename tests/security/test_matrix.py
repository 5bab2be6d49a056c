"""What each role is answered at each address: the table of the house's doors. An address without a line here fails the test."""

import os
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver

from gongmo.kernel import clock
from gongmo.kernel.actor import PUBLIC, Actor, Role
from gongmo.ledger.models import Entry
from gongmo.parties.models import Person
from gongmo.parties.queries import capacities
from tests.security import doors
from tests.security.world import NOW, World, build

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
WORDS = {
    HTTPStatus.OK: "ok",
    HTTPStatus.FOUND: "moved",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "missing",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.UNPROCESSABLE_ENTITY: "input",
}
"""Answers in words. "login" is the way to the sign-in page. Posts in the table are empty: who may post is told what is missing,
or is sent on, which is "heard" here; the acts themselves have their own tests."""
HEARD = frozenset({"ok", "moved", "conflict", "input"})


@dataclass(frozen=True, init=False)
class Row:
    """An address and its answers: `usual` for every role but those named."""

    method: str
    path: str
    usual: str
    others: dict[str, str]

    def __init__(self, method: str, path: str, usual: str, **others: str) -> None:
        object.__setattr__(self, "method", method)
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "usual", usual)
        object.__setattr__(
            self, "others", {role: word for word, roles in others.items() for role in roles.split()}
        )

    def expected(self, role: str) -> str:
        return self.others.get(role, self.usual)


KEEPERS = "region agency screener other_agency operator"
"""Those who keep the pool of experts."""
REVIEWERS = "agency screener other_agency ministry region"
"""Those who review their own office's access log."""
OFFICES = "region ministry agency screener other_agency operator"
OFFICES = "region ministry agency screener other_agency operator"
ROWS = (
    Row("GET", "/", "ok"),
    Row("GET", "/design/", "missing"),
    Row("GET", "/calls/", "ok"),
    Row("GET", "/calls/{open_call}/", "ok"),
    Row("GET", "/calls/feed/", "ok"),
    Row("GET", "/calls/calendar.ics", "ok"),
    Row("GET", "/calls/bizinfo.json", "ok"),
    Row("GET", "/calls/{open_call}/call.pdf", "ok"),
    Row("GET", "/calls/{open_call}/call.hwpx", "ok"),
    Row("GET", "/calls/{open_call}/call.json", "ok"),
    Row("GET", "/calls/{open_call}/calendar.ics", "ok"),
    Row("GET", "/calls/{open_call}/corrections/2/", "missing"),
    Row("GET", "/calls/{open_call}/questions/", "ok"),
    Row("GET", "/calls/{open_call}/questions/{question}/", "missing", ok="drafter screener"),
    Row("GET", "/clock/", "ok"),
    Row("GET", "/record/", "ok"),
    Row("GET", "/record/checkpoints.json", "ok"),
    Row("GET", "/record/consistency.json", "missing"),
    Row("GET", "/record/verify/", "ok"),
    Row("GET", "/publish/", "missing", ok="agency screener other_agency"),
    Row("POST", "/publish/", "missing", heard="agency screener other_agency"),
    Row("GET", "/agreements/{agreement}/calls/new/", "missing"),
    Row("POST", "/agreements/{agreement}/calls/new/", "missing"),
    Row("POST", "/screening/{reviewed_call}/decide/", "missing", forbidden="ministry", heard="screener"),
    Row("GET", "/applications/", "ok"),
    Row("GET", "/applications/{application}/", "missing", ok="lead viewer partner ministry agency"),
    Row("GET", "/applications/{draft}/", "missing", ok="guest drafter ministry screener"),
    Row("GET", "/applications/{reviewed_application}/", "missing", ok="reviewed ministry screener"),
    Row("GET", "/applications/{application}/overview/", "missing", ok="lead viewer partner ministry agency"),
    Row(
        "GET", "/applications/{draft}/overview/", "missing", forbidden="guest", ok="drafter ministry screener"
    ),
    Row("GET", "/applications/{application}/content/", "missing", ok="lead viewer partner ministry agency"),
    Row(
        "GET", "/applications/{draft}/content/", "missing", forbidden="guest", ok="drafter ministry screener"
    ),
    Row(
        "GET", "/applications/{draft}/findings/", "missing", forbidden="guest", ok="drafter ministry screener"
    ),
    Row(
        "GET",
        "/applications/{draft}/changes/",
        "missing",
        forbidden="visitor guest",
        ok="drafter ministry screener",
    ),
    Row(
        "POST",
        "/applications/{draft}/save/",
        "missing",
        forbidden="visitor guest",
        heard="drafter ministry screener",
    ),
    Row("POST", "/applications/{draft}/journal/987654/restore/", "missing"),
    Row(
        "GET", "/applications/{draft}/members/", "missing", forbidden="guest", ok="drafter ministry screener"
    ),
    Row("GET", "/applications/{draft}/money/", "missing", forbidden="guest", ok="drafter ministry screener"),
    Row(
        "GET",
        "/applications/{draft}/money/verdict/",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/money/budget.xlsx",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/money/budget.csv",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/money/fit/",
        "missing",
        forbidden="guest ministry screener",
        ok="drafter",
    ),
    Row(
        "GET",
        "/applications/{draft}/money/import/",
        "missing",
        forbidden="guest ministry screener",
        ok="drafter",
    ),
    Row(
        "GET",
        "/applications/{draft}/members/invite/",
        "missing",
        forbidden="guest ministry screener",
        ok="drafter",
    ),
    Row(
        "POST", "/applications/{draft}/members/invite/987654/", "missing", forbidden="guest ministry screener"
    ),
    Row(
        "POST",
        "/applications/{draft}/members/remind/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "GET",
        "/applications/{draft}/members/import/",
        "missing",
        forbidden="guest ministry screener",
        ok="drafter",
    ),
    Row(
        "POST",
        "/applications/{draft}/members/import/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "POST",
        "/applications/{draft}/members/import/accept/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "GET",
        "/applications/{draft}/members/template.xlsx",
        "missing",
        forbidden="guest ministry screener",
        ok="drafter",
    ),
    Row(
        "GET",
        "/applications/{draft}/members/members.xlsx",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/members/members.csv",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/members/{invited}/",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row("GET", "/applications/{draft}/statements/verdict/", "missing", forbidden="guest", ok="drafter"),
    Row(
        "POST",
        "/applications/{draft}/statements/consents/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "POST",
        "/application-members/{invited}/role/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "GET",
        "/applications/{draft}/statements/",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/documents/",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/papers/application_form/",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/papers/intent/{invited}/",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET",
        "/applications/{draft}/papers/application_form/paper.pdf",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row("GET", "/applications/{draft}/papers/application_form/paper.exe", "missing"),
    Row(
        "GET",
        "/applications/{draft}/papers/intent/{invited}/paper.hwpx",
        "missing",
        forbidden="guest",
        ok="drafter ministry screener",
    ),
    Row(
        "GET", "/applications/{draft}/cover.pdf", "missing", forbidden="guest", ok="drafter ministry screener"
    ),
    Row("GET", "/applications/{draft}/sign/", "missing", forbidden="guest", ok="drafter ministry screener"),
    Row(
        "POST", "/applications/{draft}/sign/", "missing", forbidden="guest", heard="drafter ministry screener"
    ),
    Row("POST", "/applications/{draft}/renew-paper/", "missing"),
    Row(
        "POST",
        "/application-signatures/{signature}/withdraw/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row("GET", "/applications/{draft}/submit/", "missing", forbidden="guest", ok="drafter ministry screener"),
    Row("GET", "/applications/{application}/submit/", "missing", ok="lead viewer partner ministry agency"),
    Row("GET", "/applications/{application}/receipt/", "missing", ok="lead viewer partner ministry agency"),
    Row(
        "GET", "/applications/{application}/receipt.json", "missing", ok="lead viewer partner ministry agency"
    ),
    Row(
        "GET", "/applications/{application}/receipt.pdf", "missing", ok="lead viewer partner ministry agency"
    ),
    Row("GET", "/applications/{application}/receipt/1/", "missing", ok="lead viewer partner ministry agency"),
    Row(
        "GET",
        "/applications/{application}/receipt/1/receipt.json",
        "missing",
        ok="lead viewer partner ministry agency",
    ),
    Row(
        "GET",
        "/applications/{application}/receipt/1/receipt.pdf",
        "missing",
        ok="lead viewer partner ministry agency",
    ),
    Row("GET", "/applications/{draft}/receipt.pdf", "missing", forbidden="guest"),
    Row("GET", "/applications/{draft}/receipt/", "missing", forbidden="guest"),
    Row("GET", "/applications/{application}/versions/", "missing", ok="lead viewer partner ministry agency"),
    Row(
        "GET", "/applications/{draft}/versions/", "missing", forbidden="guest", ok="drafter ministry screener"
    ),
    Row("GET", "/application-documents/{document}/", "missing", ok="lead viewer partner ministry agency"),
    Row("GET", "/application-documents/{draft_document}/", "missing", ok="drafter ministry screener"),
    Row(
        "POST",
        "/application-documents/{draft_document}/reinstate/",
        "missing",
    ),
    Row(
        "GET",
        "/calls/{open_call}/apply/",
        "forbidden",
        login="visitor",
        ok="newcomer lead partner former rival stranger guest reviewed",
        moved="drafter",
    ),
    Row("GET", "/calls/{call}/arrivals/", "missing", ok="agency"),
    Row("GET", "/calls/{call}/arrivals.csv", "missing", ok="agency"),
    Row("GET", "/calls/{call}/arrivals.xlsx", "missing", ok="agency"),
    Row("GET", "/calls/{call}/manage/", "missing", ok="agency"),
    Row("GET", "/applications/{application}/screening/", "missing", ok="lead viewer partner"),
    Row("GET", "/applications/{reviewed_application}/screening/", "missing", ok="reviewed"),
    Row("GET", "/applications/{draft}/screening/", "missing", ok="drafter"),
    Row("GET", "/screening-facts/{fact}/evidence/", "missing", ok="ministry screener"),
    Row("GET", "/screening-supplements/{supplement}/file/", "missing", ok="reviewed ministry screener"),
    Row("GET", "/screening-items/{opened}/file/", "missing", ok="reviewed ministry screener"),
    Row("GET", "/applications/{reviewed_application}/screening/changes/", "missing", ok="reviewed"),
    Row("GET", "/screening-proof/{demand}/file/", "missing", ok="reviewed ministry screener"),
    Row("GET", "/screening/{reviewed_call}/", "missing", ok="ministry screener"),
    Row("GET", "/screening/{reviewed_call}/{reviewed_application}/", "missing", ok="ministry screener"),
    Row("GET", "/screening/{call}/{reviewed_application}/", "missing"),
    Row("GET", "/corpus/", "missing", ok="agency screener other_agency ministry operator region"),
    Row("GET", "/corpus/find/", "missing", ok="agency screener other_agency ministry operator region"),
    Row("GET", "/corpus/list.xlsx", "missing", ok="agency screener other_agency ministry operator region"),
    Row(
        "POST",
        "/corpus/begin/",
        "missing",
        forbidden="ministry region",
        heard="agency screener other_agency operator",
    ),
    Row("GET", "/corpus/imports/987654/", "missing"),
    Row("POST", "/corpus/imports/987654/confirm/", "missing"),
    Row("POST", "/corpus/imports/987654/drop/", "missing"),
    Row("GET", "/corpus/projects/987654/", "missing"),
    Row("GET", "/screening/{reviewed_call}/similar/", "missing", ok="ministry screener"),
    Row(
        "POST", "/screening/{reviewed_call}/similar/look/", "missing", forbidden="ministry", heard="screener"
    ),
    Row("GET", "/screening/{reviewed_call}/similar/pairs/1/2/", "missing"),
    Row(
        "GET",
        "/screening/{reviewed_call}/{reviewed_application}/similar/",
        "missing",
        ok="ministry screener",
    ),
    Row("GET", "/applications/{reviewed_application}/similar/", "missing", moved="ministry screener"),
    Row("GET", "/similar-judgements/987654/file/", "missing"),
    Row(
        "POST",
        "/screening/{reviewed_call}/{reviewed_application}/similar/look/",
        "missing",
        forbidden="ministry",
        heard="screener",
    ),
    Row(
        "POST",
        "/screening/{reviewed_call}/{reviewed_application}/similar/judge/",
        "missing",
        forbidden="ministry",
        heard="screener",
    ),
    Row(
        "POST",
        "/screening/{reviewed_call}/{reviewed_application}/similar/conclude/",
        "missing",
        forbidden="ministry",
        heard="screener",
    ),
    Row(
        "GET",
        "/screening/{reviewed_call}/{reviewed_application}/facts/{reviewed_partner}/no_arrears/",
        "missing",
        ok="ministry screener",
    ),
    Row("GET", "/screening/{reviewed_call}/reviews.xlsx", "missing", ok="ministry screener"),
    Row("GET", "/screening/{reviewed_call}/requests/", "missing", ok="ministry screener"),
    Row("GET", "/screening/{reviewed_call}/handover/", "missing", ok="ministry screener"),
    Row("GET", "/screening-objections/987654/file/", "missing"),
    Row("GET", "/desk/", "ok"),
    Row("GET", "/desk/{seat}/", "missing", ok="seated"),
    Row("GET", "/desk/sheets/{sheet}/", "missing", ok="seated"),
    Row("GET", "/desk/sheets/{sheet}/documents/{document}/", "missing", ok="seated"),
    Row("GET", "/desk/sheets/{sheet}/documents/{draft_document}/", "missing"),
    Row("GET", "/desk/scores/{run}/", "missing", ok="seated colleague"),
    Row("GET", "/desk/sheets/{sheet}/changes/", "missing", forbidden="visitor", ok="seated"),
    Row("GET", "/desk/sheets/{sheet}/lock/", "missing", moved="seated"),
    Row("GET", "/evaluation/{call}/presentations/", "missing", ok="agency"),
    Row("GET", "/evaluation/{call}/blind/desk/", "missing"),
    Row(
        "GET",
        "/presentations/calendar.ics",
        "missing",
        ok="seated colleague idle region agency screener other_agency",
    ),
    Row("GET", "/presentations/{day}/", "missing", ok="seated colleague agency"),
    Row("GET", "/site-visits/{visit}/", "missing", ok="seated colleague agency"),
    Row("GET", "/site-visits/{visit}/photos/{photo}/", "missing", ok="seated colleague agency"),
    Row("GET", "/applications/{application}/presentation.ics", "missing", ok="lead viewer partner"),
    Row("GET", "/desk/sheets/{sheet}/supplements/{opened}/", "missing"),
    Row("GET", "/evaluation/{call}/", "missing", ok="ministry agency"),
    Row("GET", "/evaluation/{call}/live/{run}/", "missing", ok="ministry agency"),
    Row("GET", "/evaluation/{call}/spread/desk/", "missing", ok="ministry agency"),
    Row("GET", "/evaluation/{call}/bonus/", "missing", ok="ministry agency"),
    Row("GET", "/evaluation/{call}/disclosure/", "ok"),
    Row("GET", "/evaluation/{call}/objections/", "missing", ok="ministry agency"),
    Row("GET", "/evaluation/{call}/ranking/1.pdf", "missing", ok="ministry agency"),
    Row("GET", "/evaluation/{call}/record/{entry}/", "missing", ok="ministry agency"),
    Row("GET", "/applications/{application}/result/", "missing", ok="lead viewer partner"),
    Row("GET", "/objections/files/987654/", "missing"),
    Row("GET", "/bonus/files/987654/", "missing"),
    Row("GET", "/evaluation/{call}/committee/", "missing", ok="agency"),
    Row("GET", "/evaluation/{call}/committee/new/", "missing", ok="agency"),
    Row("GET", "/evaluation/{call}/proposals/987654/", "missing"),
    Row("GET", "/applications/{application}/evaluators/", "missing"),
    Row("GET", "/desk/{seat}/challenges/", "missing", ok="seated"),
    Row("GET", "/pool/", "missing", ok=KEEPERS),
    Row("GET", "/pool/import/", "missing", ok=KEEPERS),
    Row("GET", "/pool/template.xlsx", "missing", ok=KEEPERS),
    Row("GET", "/pool/export/", "missing", ok=KEEPERS),
    Row("GET", "/pool/me/", "missing", ok="seated colleague idle"),
    Row("GET", "/pool/{expert}/", "missing", ok=f"{KEEPERS} seated"),
    Row("GET", "/evaluation/{call}/ranking/", "missing", ok="ministry agency"),
    Row("GET", "/site-visits/{visit}/file/", "missing", ok="seated colleague agency"),
    Row("GET", "/applications/{application}/presenter/", "missing", ok="lead viewer partner"),
    Row("GET", "/board/", "missing", ok="region ministry agency screener other_agency"),
    Row("GET", "/board/{call}/", "missing", ok="ministry agency"),
    Row("GET", "/oversight/", "missing", ok="region ministry agency screener other_agency"),
    Row("GET", "/oversight/{call}/", "missing", ok="ministry agency"),
    Row("GET", "/oversight/{call}/regions/KR-48/", "missing", ok="ministry agency"),
    Row("GET", "/oversight/{call}/export/csv/", "missing", ok="ministry agency"),
    Row("GET", "/board/{call}/negotiations/", "missing", ok="ministry agency"),
    Row("GET", "/agreements/", "ok"),
    Row("GET", "/agreements/{agreement}/", "missing", ok="lead viewer partner ministry agency"),
    Row("GET", "/me/", "ok", login="visitor"),
    Row("GET", "/me/organisations/new/", "ok", login="visitor"),
    Row("GET", "/organisations/{organisation}/", "missing", login="visitor", ok=f"lead viewer {OFFICES}"),
    Row(
        "GET",
        "/organisations/{organisation}/edit/",
        "missing",
        login="visitor",
        forbidden="viewer region ministry agency screener other_agency",
        ok="lead operator",
    ),
    Row(
        "GET", "/organisations/{organisation}/people/", "missing", login="visitor", ok="lead viewer operator"
    ),
    Row(
        "GET", "/organisations/{organisation}/history/", "missing", login="visitor", ok="lead viewer operator"
    ),
    Row(
        "GET",
        "/organisations/{organisation}/certificates/",
        "missing",
        login="visitor",
        ok="lead viewer operator",
    ),
    Row(
        "POST",
        "/organisations/{organisation}/certificates/",
        "missing",
        login="visitor",
        forbidden="viewer",
        heard="lead operator",
    ),
    Row(
        "GET",
        "/organisations/{organisation}/hand-over/",
        "missing",
        login="visitor",
        ok="lead viewer operator",
    ),
    Row(
        "POST",
        "/organisations/{organisation}/hand-over/",
        "missing",
        login="visitor",
        heard="lead viewer operator",
    ),
    Row(
        "POST",
        "/organisations/{organisation}/people/add/",
        "forbidden",
        login="visitor",
        heard="operator",
    ),
    Row(
        "POST",
        "/organisations/{organisation}/members/{place}/role/",
        "missing",
        login="visitor",
        forbidden="viewer",
        heard="lead operator",
    ),
    Row("GET", "/certificates/1/file/", "missing", login="visitor"),
    Row("POST", "/certificates/1/end/", "missing", login="visitor"),
    Row("POST", "/invitations/987654/withdraw/", "missing", login="visitor"),
    Row("POST", "/invitations/987654/resend/", "missing", login="visitor"),
    Row("GET", "/me/data.json", "ok", login="visitor"),
    Row("POST", "/privacy/reason/", "missing", login="visitor"),
    Row("GET", "/privacy/me/", "ok", login="visitor"),
    Row("POST", "/privacy/me/", "missing", login="visitor"),
    Row("GET", "/privacy/me/data.zip", "ok", login="visitor"),
    Row("GET", "/privacy/retention/", "missing", login="visitor", ok=REVIEWERS),
    Row("GET", "/privacy/retention/1/", "missing", login="visitor"),
    Row("POST", "/privacy/retention/1/", "missing", login="visitor"),
    Row("GET", "/privacy/retention/1/certificate.pdf", "missing", login="visitor"),
    Row("GET", "/privacy/review/", "missing", login="visitor", ok=REVIEWERS),
    Row("GET", "/privacy/review/2030-01/office/", "missing", login="visitor", ok=REVIEWERS),
    Row("POST", "/privacy/review/2030-01/office/", "missing", login="visitor", heard=REVIEWERS),
    Row("GET", "/privacy/review/2030-01/site/people/1/", "missing", login="visitor"),
    Row("GET", "/privacy/review/2030-01/office/access.csv", "missing", login="visitor", ok=REVIEWERS),
    Row("GET", "/me/close/", "ok", login="visitor"),
    Row("POST", "/me/close/", "heard", login="visitor"),
    Row(
        "POST",
        "/me/places/{place}/leave/",
        "missing",
        login="visitor",
        forbidden="viewer",
        heard="lead operator",
    ),
    Row("POST", "/me/sessions/987654/end/", "missing", login="visitor"),
    Row("GET", "/operator/people/", "missing", login="visitor", ok="operator"),
    Row("GET", "/operator/people/new/", "missing", login="visitor", ok="operator"),
    Row("POST", "/operator/people/new/", "missing", login="visitor", heard="operator"),
    Row("GET", "/operator/people/{person}/", "missing", login="visitor", ok="operator"),
    Row("POST", "/operator/people/{person}/", "missing", login="visitor", heard="operator"),
    Row("POST", "/operator/people/{person}/roles/987654/end/", "missing", login="visitor"),
    Row(
        "POST",
        "/operator/people/{person}/second-factor/reset/",
        "missing",
        login="visitor",
        heard="operator",
    ),
    Row("POST", "/operator/people/{person}/sign-out/", "missing", login="visitor", heard="operator"),
    Row("POST", "/operator/people/{person}/close/", "missing", login="visitor", heard="operator"),
    Row("GET", "/operator/organisations/", "missing", login="visitor", ok="operator"),
    Row("GET", "/join/{token}/", "ok", login="visitor"),
    Row("GET", "/join/forged/", "missing", login="visitor"),
    Row("GET", "/permissions/", "ok"),
    Row("GET", "/uploads/", "ok", forbidden="visitor"),
    # Without the protocol's version nothing is begun (412).
    Row("POST", "/uploads/", "412", forbidden="visitor"),
    Row("GET", "/uploads/forged/", "missing"),
    Row("POST", "/uploads/forged/finish/", "missing"),
    Row("GET", "/notices/", "ok", login="visitor"),
    Row("GET", "/notices/{notice}/", "missing", login="visitor", moved="lead"),
    Row("POST", "/notices/read/", "heard", login="visitor"),
    Row("GET", "/notices/settings/", "ok", login="visitor"),
    Row("POST", "/notices/settings/", "heard", login="visitor"),
    Row("POST", "/notices/settings/calendar/", "heard", login="visitor"),
    # Whoever has the secret address may read the calendar: calendar programs do not sign in.
    Row("GET", "/calendar/{calendar}.ics", "ok"),
    Row("GET", "/calendar/forged.ics", "missing"),
    # Never outside a rehearsal.
    Row("GET", "/mailbox/", "missing"),
    Row("GET", "/mailbox/{mail}/", "missing"),
    Row("GET", "/tasks/", "missing", login="visitor", ok="operator"),
    Row("GET", "/status/", "ok"),
    Row("GET", "/status.json", "ok"),
    Row("GET", "/metrics", "missing"),
    Row("GET", "/operation/", "missing", login="visitor", ok="operator"),
    Row("POST", "/operation/notices/", "missing", login="visitor", heard="operator"),
    Row("GET", "/operation/notices/", "missing", login="visitor", moved="operator"),
    Row("POST", "/operation/notices/987654/withdraw/", "missing", login="visitor"),
    Row("GET", "/registers/", "missing", login="visitor", ok="operator"),
    Row("POST", "/registers/accounts/try/", "missing", login="visitor", heard="operator"),
    Row(
        "GET",
        "/organisations/{organisation}/registers/",
        "missing",
        login="visitor",
        ok="lead viewer operator",
    ),
    Row(
        "POST",
        "/organisations/{organisation}/registers/",
        "missing",
        login="visitor",
        forbidden="viewer",
        heard="lead operator",
    ),
    Row(
        "GET",
        "/organisations/{organisation}/address/",
        "missing",
        login="visitor",
        forbidden="viewer",
        ok="lead operator",
    ),
    Row("GET", "/screening/{reviewed_call}/registers/", "missing", ok="ministry screener"),
    Row("POST", "/screening/{reviewed_call}/registers/", "missing", forbidden="ministry", heard="screener"),
    Row(
        "GET",
        "/screening/{reviewed_call}/{reviewed_application}/registers/",
        "missing",
        ok="ministry screener",
    ),
    Row(
        "POST",
        "/screening/{reviewed_call}/{reviewed_application}/registers/",
        "missing",
        forbidden="ministry",
        heard="screener",
    ),
    Row("POST", "/tasks/{job}/again/", "missing", login="visitor", heard="operator"),
    Row("POST", "/language/", "heard"),
    Row("POST", "/record/verify/", "heard"),
    Row("POST", "/contrast/", "heard"),
    Row("POST", "/act-as/", "heard", login="visitor"),
    Row(
        "POST",
        "/calls/{open_call}/apply/",
        "forbidden",
        login="visitor",
        heard="newcomer lead partner former rival stranger guest drafter reviewed",
    ),
    Row("POST", "/calls/{open_call}/apply/organisation/", "heard", login="visitor"),
    Row("POST", "/calls/{call}/arrivals/", "missing", heard="agency"),
    Row("POST", "/calls/{call}/arrivals/undo/", "missing", heard="agency"),
    Row(
        "POST",
        "/applications/{draft}/overview/",
        "missing",
        forbidden="guest",
        heard="drafter ministry screener",
    ),
    Row(
        "POST",
        "/applications/{draft}/members/invite/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "POST",
        "/applications/{draft}/money/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "POST",
        "/applications/{draft}/money/accept/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "POST",
        "/applications/{draft}/money/import/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "POST",
        "/applications/{draft}/statements/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row("POST", "/applications/{draft}/documents/", "method"),
    Row(
        "POST",
        "/applications/{draft}/documents/attach/",
        "missing",
        # Programs are told first what the form lacks.
        heard="guest drafter ministry screener",
    ),
    Row(
        "POST",
        "/applications/{draft}/submit/",
        "missing",
        forbidden="guest",
        heard="drafter ministry screener",
    ),
    Row(
        "POST",
        "/applications/{draft}/withdraw/",
        "missing",
        forbidden="guest",
        heard="drafter ministry screener",
    ),
    Row(
        "POST",
        "/applications/{application}/withdraw/",
        "missing",
        heard="lead viewer partner ministry agency",
    ),
    Row(
        "POST",
        "/applications/{draft}/versions/1/restore/",
        "missing",
        heard="guest drafter ministry screener",
    ),
    Row(
        "POST",
        "/application-documents/{draft_document}/detach/",
        "missing",
        forbidden="guest ministry screener",
        heard="drafter",
    ),
    Row(
        "POST",
        "/application-members/{invited}/answer/",
        "missing",
        heard="guest",
        forbidden="drafter ministry screener",
    ),
    Row(
        "POST",
        "/application-members/{invited}/remove/",
        "missing",
        heard="guest drafter",
        forbidden="ministry screener",
    ),
    Row(
        "POST",
        "/application-members/{invited}/assets/",
        "missing",
        heard="drafter",
        forbidden="guest ministry screener",
    ),
    Row("GET", "/negotiations/{negotiation}/", "missing", ok="lead viewer ministry agency"),
    Row(
        "POST",
        "/negotiations/{negotiation}/offers/new/",
        "missing",
        forbidden="viewer ministry",
        heard="lead agency",
    ),
    Row(
        "POST",
        "/negotiations/{negotiation}/offers/accept/",
        "missing",
        forbidden="viewer ministry",
        heard="lead agency",
    ),
    Row("POST", "/negotiations/{negotiation}/note/", "missing", heard="ministry agency"),
    Row("POST", "/negotiations/{negotiation}/agree/", "missing", heard="ministry agency"),
    Row("POST", "/negotiations/{negotiation}/nonsense/", "missing"),
    Row("POST", "/board/{call}/negotiations/open/", "forbidden", heard="agency"),
    Row("POST", "/board/{call}/allocate/", "forbidden", heard="agency"),
    Row(
        "POST",
        "/agreements/{agreement}/sign/",
        "missing",
        heard="lead partner agency",
        forbidden="viewer ministry",
    ),
    Row("GET", "/agreements/{agreement}/case/", "missing", ok="lead viewer partner ministry agency"),
    Row(
        "POST",
        "/agreements/{agreement}/case/open/",
        "missing",
        forbidden="lead viewer partner ministry",
        heard="agency",
    ),
    Row("GET", "/agreements/{agreement}/text/", "missing", ok="lead viewer partner ministry agency"),
    Row("GET", "/agreements/{agreement}/text/1/", "missing", ok="lead viewer partner ministry agency"),
    Row("GET", "/agreements/{agreement}/text/1/pdf/", "missing", moved="lead viewer partner ministry agency"),
    Row("GET", "/agreements/{agreement}/text/9/pdf/", "missing"),
    Row(
        "POST",
        "/agreements/{agreement}/text/1/own/",
        "missing",
        heard="lead viewer partner ministry agency",
    ),
    Row(
        "POST",
        "/agreements/{agreement}/revise/",
        "missing",
        forbidden="lead viewer partner ministry",
        heard="agency",
    ),
    Row(
        "POST",
        "/agreements/{agreement}/finish/",
        "missing",
        forbidden="lead viewer partner ministry",
        heard="agency",
    ),
    Row("GET", "/agreements/{agreement}/changes/", "missing", ok="lead viewer partner ministry agency"),
    Row(
        "POST",
        "/agreements/{agreement}/changes/ask/",
        "missing",
        forbidden="viewer partner ministry agency",
        heard="lead",
    ),
    Row(
        "POST",
        "/agreements/{agreement}/changes/yearly/",
        "missing",
        forbidden="lead viewer partner ministry",
        heard="agency",
    ),
    Row(
        "POST",
        "/agreements/{agreement}/changes/renew/",
        "missing",
        forbidden="lead viewer partner ministry",
        heard="agency",
    ),
    Row("GET", "/agreements/{agreement}/letters/", "missing", ok="agency"),
    Row("POST", "/amendments/987654/answer/", "missing"),
    Row("GET", "/cases/987654/files/abc/", "missing"),
    Row("POST", "/cases/987654/state/", "missing"),
    Row("POST", "/calls/{open_call}/ask/", "heard"),
    Row("POST", "/calls/{open_call}/extend/", "missing", heard="screener"),
    Row("POST", "/calls/{open_call}/correct/", "missing", heard="screener"),
    Row("POST", "/calls/{open_call}/close/", "missing", heard="screener"),
    Row("POST", "/calls/{open_call}/cancel/", "missing", heard="screener"),
    Row("POST", "/calls/{call}/finish/", "missing", heard="agency"),
    Row("POST", "/questions/{question}/answer/", "missing", heard="drafter screener"),
    Row("POST", "/desk/{seat}/answer/", "missing", heard="seated"),
    Row("POST", "/desk/{seat}/declare/", "missing", heard="seated"),
    Row("POST", "/desk/sheets/{sheet}/", "missing", heard="seated"),
    Row("POST", "/desk/sheets/{sheet}/visit/", "missing", heard="seated"),
    Row("POST", "/desk/sheets/{sheet}/save/", "missing", forbidden="visitor", heard="seated"),
    Row("POST", "/desk/sheets/{sheet}/lock/", "missing", heard="seated"),
    Row("POST", "/desk/sheets/{sheet}/notes/", "missing", heard="seated"),
    Row("POST", "/desk/sheets/{sheet}/notes/987654/drop/", "missing"),
    Row("POST", "/evaluation/{call}/presentations/plan/", "missing", forbidden="ministry", heard="agency"),
    Row("POST", "/presentations/{day}/announce/", "missing", forbidden="ministry", heard="agency"),
    Row(
        "POST",
        "/presentations/turns/{turn}/start/",
        "missing",
        forbidden="colleague",
        heard="seated agency",
    ),
    Row("POST", "/site-visits/{visit}/record/", "missing", heard="seated colleague agency"),
    Row("POST", "/evaluation/{call}/committee/form/", "missing", heard="agency"),
    Row("POST", "/evaluation/{call}/committee/new/", "missing", heard="agency"),
    Row("POST", "/evaluation/{call}/proposals/987654/fix/", "missing"),
    Row("POST", "/applications/{application}/evaluators/", "missing"),
    Row("POST", "/desk/{seat}/challenges/", "missing", heard="seated"),
    Row("POST", "/pool/import/", "missing", heard=KEEPERS),
    Row("POST", "/pool/{expert}/consent/", "missing", heard=f"{KEEPERS} seated"),
    Row("POST", "/pool/{expert}/absence/", "missing", heard=f"{KEEPERS} seated"),
    Row("POST", "/pool/{expert}/update/", "missing", heard=f"{KEEPERS} seated"),
    Row("POST", "/evaluation/{call}/committee/leave/", "missing", heard="agency"),
    Row("POST", "/evaluation/{call}/tell/", "missing", heard="ministry agency"),
    Row("POST", "/evaluation/{call}/bonus/propose/", "missing", heard="ministry agency"),
    Row("POST", "/evaluation/{call}/objections/answer/", "missing", heard="ministry agency"),
    Row("POST", "/applications/{application}/result/", "missing", heard="lead viewer partner"),
    Row("POST", "/evaluation/{call}/open/", "missing", forbidden="ministry", heard="agency"),
    Row("POST", "/evaluation/{call}/lock/", "missing", heard="ministry agency"),
    Row("POST", "/evaluation/{call}/fix/", "missing", heard="ministry agency"),
    Row("POST", "/applications/{application}/presenter/", "missing", heard="lead"),
    Row("POST", "/me/", "heard", login="visitor"),
    Row("POST", "/me/organisations/new/", "heard", login="visitor"),
    Row(
        "POST",
        "/organisations/{organisation}/edit/",
        "missing",
        login="visitor",
        forbidden="viewer region ministry agency screener other_agency",
        heard="lead operator",
    ),
    Row(
        "POST",
        "/organisations/{organisation}/address/",
        "missing",
        login="visitor",
        heard="lead operator",
        forbidden="viewer",
    ),
    Row("POST", "/organisations/{organisation}/invite/", "forbidden", login="visitor", heard="lead operator"),
    Row(
        "POST",
        "/organisations/{organisation}/members/{place}/end/",
        "missing",
        login="visitor",
        forbidden="viewer",
        heard="lead operator",
    ),
    Row("POST", "/join/{token}/", "heard", login="visitor"),
    Row("POST", "/screening/{reviewed_call}/open/", "missing", forbidden="ministry", heard="screener"),
    Row("POST", "/screening/{reviewed_call}/expire/", "missing", forbidden="ministry", heard="screener"),
    Row("POST", "/screening/{reviewed_call}/many/", "missing", forbidden="ministry", heard="screener"),
    Row("POST", "/screening/{reviewed_call}/views/", "missing", forbidden="ministry", heard="screener"),
    Row("POST", "/screening/{reviewed_call}/views/987654/forget/", "missing"),
    Row(
        "POST",
        "/screening/{reviewed_call}/requests/remind/",
        "missing",
        forbidden="ministry",
        heard="screener",
    ),
    Row("POST", "/screening/{reviewed_call}/handover/", "missing", forbidden="ministry", heard="screener"),
    Row("POST", "/applications/{reviewed_application}/screening/objection/", "missing", heard="reviewed"),
    Row("POST", "/screening-objections/987654/withdraw/", "missing"),
    Row(
        "POST",
        "/screening/{reviewed_call}/{reviewed_application}/eligible/",
        "missing",
        forbidden="ministry",
        heard="screener",
    ),
    Row(
        "POST",
        "/screening/{reviewed_call}/{reviewed_application}/propose/",
        "missing",
        heard="ministry screener",
    ),
    Row("POST", "/screening-supplements/{supplement}/answer/", "missing", heard="reviewed"),
    Row("POST", "/screening-items/{opened}/attach/", "missing", heard="reviewed"),
    Row("POST", "/applications/{reviewed_application}/screening/save/", "missing", heard="reviewed"),
    Row("POST", "/screening-proof/{demand}/hand-in/", "missing", heard="reviewed"),
)

SIGN_IN = {
    # What a visitor and a signed-in person without a second factor are answered.
    "accounts/login/": ("ok", "moved"),
    "accounts/logout/": ("moved", "ok"),
    "accounts/inactive/": ("ok", "ok"),
    "accounts/signup/": ("ok", "moved"),
    "accounts/reauthenticate/": ("login", "forbidden"),
    "accounts/email/": ("login", "ok"),
    "accounts/confirm-email/": ("login", "moved"),
    "accounts/sessions/": ("login", "ok"),
    "accounts/3rdparty/": ("login", "ok"),
    "accounts/3rdparty/signup/": ("login", "login"),
    "accounts/3rdparty/login/cancelled/": ("ok", "ok"),
    "accounts/3rdparty/login/error/": ("401", "401"),
    "accounts/social/signup/": ("301", "301"),
    "accounts/social/connections/": ("301", "301"),
    "accounts/social/login/cancelled/": ("301", "301"),
    "accounts/social/login/error/": ("301", "301"),
    "accounts/oidc/unknown/login/": ("missing", "missing"),
    "accounts/oidc/unknown/login/callback/": ("missing", "missing"),
    "accounts/password/change/": ("login", "moved"),
    "accounts/password/set/": ("login", "ok"),
    "accounts/password/reset/": ("ok", "ok"),
    "accounts/password/reset/done/": ("ok", "ok"),
    "accounts/password/reset/confirm/": ("login", "login"),
    "accounts/password/reset/complete/": ("moved", "moved"),
    "accounts/login/code/confirm/": ("login", "moved"),
    "accounts/2fa/": ("login", "ok"),
    "accounts/2fa/authenticate/": ("login", "moved"),
    "accounts/2fa/reauthenticate/": ("login", "forbidden"),
    "accounts/2fa/totp/activate/": ("login", "ok"),
    "accounts/2fa/totp/deactivate/": ("login", "missing"),
    "accounts/2fa/recovery-codes/": ("login", "missing"),
    "accounts/2fa/recovery-codes/generate/": ("login", "ok"),
    "accounts/2fa/recovery-codes/download/": ("login", "missing"),
    "accounts/2fa/webauthn/": ("login", "ok"),
    "accounts/2fa/webauthn/add/": ("login", "ok"),
    "accounts/2fa/webauthn/reauthenticate/": ("login", "forbidden"),
    "accounts/2fa/webauthn/keys/1/remove/": ("login", "missing"),
    "accounts/2fa/webauthn/keys/1/edit/": ("login", "missing"),
    "accounts/2fa/webauthn/login/": ("login", "moved"),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> object:
    """Built once; everything is rolled back after the last of this file's tests."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        whole = transaction.atomic()
        whole.__enter__()
        try:
            with clock.at(NOW):
                yield build()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


BRIEF = {"accept": "application/json, text/html;q=0.5"}
"""Refusals are then told in a line instead of a page: what counts here is that they are refused."""


def ask(client: Client, method: str, path: str, *, brief: bool = False) -> Any:
    """The answer at NOW; what it changed is undone."""
    answer: Any
    told = BRIEF if brief else None
    with clock.at(NOW), transaction.atomic():
        answer = client.get(path, headers=told) if method == "GET" else client.post(path, headers=told)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def word(answer: Any) -> str:
    if answer.status_code == HTTPStatus.FOUND and answer["Location"].startswith(LOGIN):
        return "login"
    return WORDS.get(HTTPStatus(answer.status_code), str(answer.status_code))


def patterns() -> list[tuple[str, str]]:
    """Every address of the project: (route, its view's name in the resolver)."""

    def walk(each: URLPattern | URLResolver, before: str, space: str) -> list[tuple[str, str]]:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            name = each.name or each.lookup_str
            return [(route, f"{space}:{name}" if space else name)]
        inner = each.namespace or space
        return [found for one in each.url_patterns for found in walk(one, route, inner)]

    return [found for each in get_resolver().url_patterns for found in walk(each, "", "")]


def view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def test_every_address_is_in_the_table(world: World) -> None:
    told = {view_name(row.path.format(**world.ids)) for row in ROWS}
    told |= {view_name(f"/{path}") for path in SIGN_IN}

    assert [f"{route} ({name})" for route, name in patterns() if name not in told] == []


def test_each_role_is_answered_what_the_table_says(world: World) -> None:
    wrong = []
    for role in world.people:
        client = world.client(role)
        for row in ROWS:
            found = word(ask(client, row.method, row.path.format(**world.ids), brief=True))
            if row.method == "POST" and found in HEARD:
                found = "heard"
            if found != row.expected(role):
                wrong.append(f"{role}: {row.method} {row.path}: {found}, not {row.expected(role)}")

    assert not wrong, "\n".join(wrong)


def test_sign_in_pages_answer_what_the_table_says(world: World) -> None:
    wrong = []
    for place, role in enumerate(("visitor", "newcomer")):
        for path, expected in SIGN_IN.items():
            found = word(ask(world.client(role), "GET", f"/{path}"))
            if found != expected[place]:
                wrong.append(f"{role}: {path}: {found}, not {expected[place]}")

    assert not wrong, "\n".join(wrong)


def test_no_post_is_taken_without_its_token(world: World) -> None:
    client = world.client("agency", enforce_csrf_checks=True)
    paths = {row.path.format(**world.ids) for row in ROWS if row.method == "POST"}
    # Pages for everyone hold no token; these two only change how the reader's browser shows pages, and are refused from elsewhere.
    paths -= {"/language/", "/contrast/"}

    taken = [path for path in sorted(paths) if word(ask(client, "POST", path)) != "forbidden"]

    assert taken == []


def test_another_site_cannot_change_how_pages_are_shown(world: World) -> None:
    client = world.client("visitor", enforce_csrf_checks=True)
    from_elsewhere = {"sec-fetch-site": "cross-site"}

    answers = [
        client.post("/language/", {"language": "en"}, headers=from_elsewhere),
        client.post("/contrast/", {"contrast": "high"}, headers=from_elsewhere),
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert not client.cookies


def test_what_only_takes_posts_refuses_to_be_read(world: World) -> None:
    read = {view_name(row.path.format(**world.ids)) for row in ROWS if row.method == "GET"}
    client = world.client("lead")
    paths = {row.path.format(**world.ids) for row in ROWS if row.method == "POST"}
    only_posts = [path for path in sorted(paths) if view_name(path) not in read]

    assert [path for path in only_posts if word(ask(client, "GET", path)) != "method"] == []


def test_what_is_only_read_refuses_posts(world: World) -> None:
    posts = {view_name(row.path.format(**world.ids)) for row in ROWS if row.method == "POST"}
    client = world.client("lead")
    paths = {row.path.format(**world.ids) for row in ROWS if row.method == "GET"}
    only_read = [path for path in sorted(paths) if view_name(path) not in posts]

    allowed = [path for path in only_read if word(ask(client, "POST", path)) not in ("method", "missing")]
    assert allowed == []


def test_an_unknown_thing_is_answered_like_a_hidden_one(world: World) -> None:
    # Else ids could be counted through by whoever may see nothing.
    hidden = [row for row in ROWS if row.expected("stranger") == "missing" and "{" in row.path]
    client = world.client("stranger")
    ids = {name: "987654" if value.isdecimal() else value for name, value in world.ids.items()}

    for row in hidden:
        there = ask(client, row.method, row.path.format(**world.ids))
        gone = ask(client, row.method, row.path.format(**ids))
        assert (gone.status_code, _plain(gone)) == (there.status_code, _plain(there)), row


def _plain(answer: Any) -> str:
    """The sentence that is told, without the request's number and tokens."""
    html: str = answer.content.decode()
    return html[html.find("<main") :].split("gm-request")[0].split(str(answer["X-Request-ID"]))[0]


def test_every_answer_to_a_signed_in_person_is_guarded_and_kept_by_no_cache(world: World) -> None:
    for role in ("lead", "seated", "agency"):
        client = world.client(role)
        for row in ROWS:
            if row.method == "GET":
                answer = ask(client, "GET", row.path.format(**world.ids))
                assert "no-store" in answer.get("Cache-Control", ""), row
                assert answer["X-Content-Type-Options"] == "nosniff", row
                assert answer["X-Frame-Options"] == "SAMEORIGIN", row
                assert "script-src 'self';" in answer["Content-Security-Policy"] + ";", row
                assert "unsafe" not in answer["Content-Security-Policy"], row


# --- Made by the test itself: every door, every kind of thing, each stage, everybody; the policies say what is expected ---------
WHOLE = os.environ.get("WHOLE_MATRIX") == "1"
"""Everybody at every thing (minutes) instead of, at each door, one whom it opens to, one who knows of it and, at each stage, somebody else."""
INSIDE = HEARD | {"412"}
TURNED_AWAY = frozenset({"missing", "forbidden", "login"})
PUBLIC_CALLS = (
    "calls call pdf hwpx definition calendar correction questions ask",
    "applications start register",
    "evaluation disclosure",
)
"""Of a call that everyone may read, and where everyone may begin."""
IN_THE_TABLE_ONLY = (
    # Their things stand in no other world, or hang below one whose door is asked: the table holds them.
    "tasks again",
    "parties leave end_session end_certificate certificate_file withdraw_invitation resend_invitation join operator_revoke add_person",
    "parties invite change_role end_place",
    "files upload finish",
    "notices open calendar mail",
    "applications member member_link reinstate restore_field unsign",
    "similarity import confirm drop project pair application evidence",
    "registers address try",
    "screening fact item_file objection_file forget_view save changes objection attach hand_in withdraw_objection",
    "evaluation challenge proposal act_on_proposal document supplement drop_note blind act_on_turn visit_photo act_on_visit",
    "evaluation objection_file bonus_file entry",
    "custody export month person certificate destruction",
    "operation withdraw",
    "awards regional_call answer_amendment case_file act_on_case",
)


def views(lines: tuple[str, ...]) -> set[str]:
    return {f"{line.split()[0]}:{name}" for line in lines for name in line.split()[1:]}


def test_every_address_with_a_thing_in_it_has_a_door(world: World) -> None:
    ours = {name for route, name in patterns() if not route.startswith("accounts/") and "<" in route}
    doors_of = {door.view for door in doors.doors()}

    without = ours - doors_of - views(PUBLIC_CALLS) - views(IN_THE_TABLE_ONLY)
    stale = (doors_of | views(PUBLIC_CALLS) | views(IN_THE_TABLE_ONLY)) - ours

    told = "give it a door in tests/security/doors.py, or a row above and its name in IN_THE_TABLE_ONLY"
    assert (sorted(without), sorted(stale)) == ([], []), told


def acting(world: World) -> dict[str, Actor]:
    """Everybody as the policies see them when they have just signed in."""
    found = {}
    for role, pk in world.people.items():
        person = Person.objects.get(pk=pk) if pk is not None else None
        nobody = PUBLIC if person is None else Actor(role=Role.APPLICANT, person=person.pk, name="")
        found[role] = next(iter(capacities(person).values()), nobody) if person is not None else nobody
    return found


def by_policy(door: doors.Door, thing: Any, actors: dict[str, Actor]) -> dict[str, list[str]]:
    """To whom the policies open a thing, who else knows of it, and the others."""
    groups: dict[str, list[str]] = {"opens": [], "known": [], "others": []}
    for role, actor in actors.items():
        group = "opens" if door.opens(actor, thing) else "known" if door.known(actor, thing) else "others"
        groups[group].append(role)
    return groups


def at_each_stage(door: doors.Door, number: int, read: dict[str, list[Any]]) -> list[Any]:
    """The things that are asked for at a door: one of each stage of a call, another one at each door."""
    kind = doors.KINDS[door.of]
    stages: dict[object, list[Any]] = {}
    if door.of not in read:
        read[door.of] = list(kind.things().order_by("pk"))
    for thing in read[door.of]:
        stages.setdefault(kind.call(thing), []).append(thing)
    if WHOLE:
        return [thing for things in stages.values() for thing in things]
    return [things[number % len(things)] for things in stages.values()]


def some(roles: list[str], count: int, number: int) -> list[str]:
    """So many of them, others at each door."""
    return (
        roles
        if WHOLE or len(roles) <= count
        else [roles[(number + 7 * n) % len(roles)] for n in range(count)]
    )


@pytest.mark.skipif(
    connection.vendor == "postgresql" and not WHOLE, reason="the table above is asked on both databases"
)
def test_each_thing_is_shown_to_and_changed_by_whom_the_policies_name(world: World) -> None:
    for route, name in sorted(patterns(), key=lambda each: each[0].count("<"), reverse=True):
        # Of a view's several addresses the one with the fewest things in it.
        doors.ROUTES[name] = tuple(re.findall(r"<(?:\w+:)?(\w+)>", route))
    actors = acting(world)
    clients = {role: world.client(role) for role in actors}
    wrong: list[str] = []
    opened: dict[tuple[str, str], bool] = {}
    sorted_out: dict[object, dict[str, list[str]]] = {}
    things: dict[str, list[Any]] = {}
    number = 0
    for door in doors.doors():
        label = (door.method, door.view)
        opened.setdefault(label, False)
        for place, thing in enumerate(at_each_stage(door, number, things)):
            number += 1
            key = (door.of, thing.pk, door.opens, door.known)
            if key not in sorted_out:
                sorted_out[key] = by_policy(door, thing, actors)
            groups = sorted_out[key]
            path = door.path(thing)
            for role in some(groups["opens"], 0 if opened[label] and not WHOLE else 1, number):
                found, _ = attempt(clients[role], door.method, path)
                opened[label] |= found in INSIDE
                if found.startswith("5"):
                    wrong.append(f"{role}: {door.method} {path}: {found}")
            for group, count in (("known", 1 if place == 0 or WHOLE else 0), ("others", 1)):
                for role in some(groups[group], count, number):
                    found, wrote = attempt(clients[role], door.method, path)
                    # Whoever knows of it may be told first what the form lacks; nothing is done for them either way.
                    fine = found in TURNED_AWAY or (
                        group == "known" and door.method == "POST" and found in HEARD
                    )
                    if (
                        not fine
                        or wrote
                        or (group == "others" and found == "forbidden" and role != "visitor")
                    ):
                        wrong.append(
                            f"{role} ({group}): {door.method} {path}: {found}{' and written' if wrote else ''}"
                        )
    # A door that opens to nobody asks the wrong policy.
    for door in doors.doors():
        if not opened[door.method, door.view]:
            opened[door.method, door.view] = opens_to_somebody(door, actors, clients)
    wrong += [f"opens to nobody: {method} {view}" for (method, view), yes in opened.items() if not yes]

    assert not wrong, "\n".join(wrong)


def opens_to_somebody(door: doors.Door, actors: dict[str, Actor], clients: dict[str, Client]) -> bool:
    """Whether somebody whom the policy names gets in at any thing of the door's kind."""
    return any(
        attempt(clients[role], door.method, door.path(thing))[0] in INSIDE
        for thing in doors.KINDS[door.of].things().order_by("pk")
        for role, actor in actors.items()
        if door.opens(actor, thing)
    )


def attempt(client: Client, method: str, path: str) -> tuple[str, bool]:
    """The answer in a word, and whether the record got an entry. What was changed is undone."""
    with clock.at(NOW), transaction.atomic():
        before = Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
        answer: Any = client.generic(method, path, headers=BRIEF)
        if answer.streaming:
            b"".join(answer.streaming_content)
        wrote = before != Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
        transaction.set_rollback(True)
    found = word(answer)
    return found, wrote
