"""The whole programme, told once for all tests of this module."""

import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Sum
from django.test import Client, TestCase, override_settings

from gongmo.applications.models import Application, Submission
from gongmo.awards.models import Agreement, AgreementMoney, Negotiation
from gongmo.calls.models import Call, Notice, NoticeKind
from gongmo.evaluation.models import Disqualification, ScoreSheet, SiteVisit, Substitute
from gongmo.evaluation.queries import ranking_value, replay
from gongmo.kernel import clock
from gongmo.kernel.errors import BadInput, Refused
from gongmo.ledger.models import Checkpoint, Entry
from gongmo.ledger.queries import verify
from gongmo.notices.models import Notice as Told
from gongmo.parties.models import Organisation, Person
from gongmo.rehearsal.commands import holds_only_rehearsal, rehearse
from gongmo.rehearsal.play import Play
from gongmo.rehearsal.queries import sign_in_sheet
from gongmo.screening.models import Review, ReviewObjection, Supplement
from gongmo.web import numbers as tokens

FOLDER = Path(settings.REPOSITORY) / "calls" / "2025-regional-ai"
PRESENT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LINES: list[str] = []
PLAYS: list[Play] = []


def application(play: Play, key: str) -> Application:
    return Application.objects.get(pk=play.applications[key])


@pytest.mark.database
class TestProgramme(TestCase):
    """Django's own test case: the story is told once for the class, and each test is rolled back to its end."""

    @classmethod
    def setUpClass(cls) -> None:
        folder = Path(tempfile.mkdtemp(prefix="gongmo-rehearsal-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        places = override_settings(
            GONGMO_FILES=folder / "files", GONGMO_REHEARSAL_MARK=folder / "rehearsal.json"
        )
        cls.addClassCleanup(places.disable)
        places.enable()
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        LINES.clear()
        PLAYS[:] = [rehearse(folder=FOLDER, present=PRESENT, say=LINES.append)]

    def test_notices_lead_each_person_to_a_page_that_opens(self) -> None:
        """One of each kind of act, category and role: whoever is told may see what the notice leads to."""
        kinds: dict[tuple[str, str, str], Told] = {}
        acts = dict(Entry.objects.values_list("sequence", "act"))
        for notice in Told.objects.select_related("person").order_by("pk"):
            kinds[acts.get(notice.entry or 0, ""), notice.category, notice.role] = notice
        assert len(kinds) > 15
        for kind, notice in kinds.items():
            client = Client()
            client.force_login(notice.person)
            opened = client.get(f"/notices/{notice.pk}/")
            assert client.get(opened["Location"]).status_code == 200, (kind, notice.url)

    @property
    def play(self) -> Play:
        return PLAYS[0]

    def test_thirteen_governments_are_in_time(self) -> None:
        played = self.play
        standing = Submission.objects.filter(application__call=played.call_id, withdrawn_at__isnull=True)

        assert standing.count() == 13
        assert max(standing.values_list("received_at", flat=True)) < played.definition.intake.closes

    def test_one_second_late_is_refused_and_the_draft_stays(self) -> None:
        played = self.play
        late = application(played, "sejong")

        assert late.state == "draft"
        assert not late.submissions.exists()
        assert late.documents.count() > 10
        assert any("17:00:01" in line and late.title in line and "[A-15]" in line for line in LINES)

    def test_a_partner_in_arrears_excludes_the_consortium_by_two_officers(self) -> None:
        played = self.play
        review = Review.objects.get(application=application(played, "daejeon"))

        assert (review.state, review.clause) == ("excluded", "A-5c")
        assert review.organisation is not None
        assert review.organisation != review.application.lead
        assert review.proposed_by_id != review.confirmed_by_id
        assert Review.objects.filter(application__call=played.call_id, state="eligible").count() == 12

    def test_a_correction_and_a_supplement_took_place(self) -> None:
        played = self.play
        call = Call.objects.select_related("version").get(pk=played.call_id)

        assert call.version is not None
        assert call.version.number == 2
        assert Notice.objects.filter(call=call, kind=NoticeKind.AMENDMENT).exists()
        supplements = Supplement.objects.filter(application__call=call)
        assert list(supplements.values_list("state", flat=True)) == ["accepted"]
        assert call.questions.filter(public=True, answered_at__isnull=False).count() == 3

    def test_the_expert_with_a_conflict_scores_that_application_nowhere(self) -> None:
        played = self.play
        out = Disqualification.objects.get()
        sheets = ScoreSheet.objects.filter(application=out.application_id)

        assert out.application_id == played.applications["jeonbuk"]
        assert not sheets.filter(seat=out.seat_id).exclude(state="void").exists()
        assert sheets.exclude(seat=out.seat_id).filter(state="locked").count() == 12
        assert Substitute.objects.get().state == "consented"
        assert SiteVisit.objects.get().state == "done"

    def test_the_fifth_fails_and_the_sixth_is_promoted(self) -> None:
        played = self.play
        failed = Negotiation.objects.get(state="failed")
        promoted = Negotiation.objects.get(promoted_for=failed)
        call = Call.objects.get(pk=played.call_id)

        assert (failed.place, promoted.place) == (5, 6)
        assert [int(name) for name in ranking_value(call).selected][-1] == failed.application_id
        agreed = Negotiation.objects.filter(state="agreed").values_list("application__region", flat=True)
        assert set(agreed) == {"KR-48", "KR-27", "KR-31", "KR-46", "KR-49"}

    def test_agreements_hold_the_published_money_and_one_is_terminated(self) -> None:
        played = self.play

        def money(key: str) -> dict[str, int]:
            rows = AgreementMoney.objects.filter(agreement__application=played.applications[key])
            return dict(rows.values_list("source").annotate(Sum("amount")))

        assert money("gyeongnam") == {
            "national": 14_000_000_000,
            "local": 4_670_000_000,
            "private": 4_670_000_000,
        }
        assert sum(money("jeju").values()) == 23_300_000_000
        assert money("jeju")["national"] * 10 == 23_300_000_000 * 6
        assert dict(Agreement.objects.values_list("application__region", "state")) == {
            "KR-48": "in_force",
            "KR-49": "in_force",
            "KR-31": "in_force",
            "KR-46": "in_force",
            "KR-27": "terminated",
        }
        assert Agreement.objects.get(state="terminated").end_clause == "A-5d"

    def test_a_regional_call_is_open_at_the_present_with_a_draft(self) -> None:
        played = self.play
        regional = Call.objects.get(parent=played.call_id)

        assert regional.opens_at < PRESENT < regional.closes_at
        assert regional.closes_at - PRESENT > timedelta(weeks=3)
        assert regional.closes_at.astimezone(clock.SEOUL).hour == 17
        assert regional.parent_id == played.call_id
        assert regional.parent_region == "KR-48"
        assert [draft.state for draft in regional.applications.all()] == ["draft"]

    def test_a_call_under_review_has_something_waiting_in_every_state(self) -> None:
        reviews = Review.objects.filter(application__call__slug="open-review").order_by("application__title")

        assert sorted(reviews.values_list("state", flat=True)) == [
            "excluded",
            "exclusion_proposed",
            "open",
            "supplement",
        ]
        assert all(review.officer_id for review in reviews)
        objection = ReviewObjection.objects.get(review__in=reviews)
        assert objection.answer_due_at is not None
        assert (objection.state, objection.answer_due_at > PRESENT) == ("filed", True)

    def test_every_decision_replays_and_the_record_holds(self) -> None:
        for call in Call.objects.all():
            assert replay(call.slug).differences == []
        assert verify() == []
        assert Checkpoint.objects.count() >= 5

    def test_the_record_never_runs_backwards(self) -> None:
        instants = list(Entry.objects.order_by("sequence").values_list("at", flat=True))

        assert instants == sorted(instants)

    def test_the_record_holds_no_address_of_a_person(self) -> None:
        played = self.play
        assert not Entry.objects.filter(body__contains=f"@{played.script.address}").exists()

    def test_everybody_is_invented_and_every_account_of_the_sheet_opens(self) -> None:
        played = self.play
        seats = sign_in_sheet()

        assert holds_only_rehearsal()
        # The script's own sheet, and the lines of the calls that are being reviewed and scored now.
        assert len(seats) > len(played.script.sheet)
        for seat in seats:
            person = Person.objects.get(email=seat.email)
            assert person.check_password(seat.password)
            assert "{" not in seat.path

    def test_every_account_of_the_sheet_finds_its_page(self) -> None:
        for seat in sign_in_sheet():
            client = Client()
            client.force_login(
                Person.objects.get(email=seat.email),
                backend="gongmo.notices.people.SignedIn",
            )
            with clock.at(PRESENT):
                assert client.get(seat.path).status_code == 200, f"{seat.email} {seat.path}"

    def test_every_button_of_the_start_page_leads_to_a_page_where_no_plain_numbers_are_taken(self) -> None:
        self.addCleanup(tokens.begin)
        with override_settings(GONGMO_PLAIN_NUMBERS=False):
            tokens.begin()
            with clock.at(PRESENT):
                shown = Client().get("/").content.decode()
            forms = re.findall(r'name="login" value="([^"]+)".*?name="next" value="([^"]+)"', shown)

            assert len(forms) == len(sign_in_sheet())
            for email, path in forms:
                client = Client()
                client.force_login(Person.objects.get(email=email), backend="gongmo.notices.people.SignedIn")
                with clock.at(PRESENT):
                    assert client.get(path, follow=True).status_code == 200, f"{email} {path}"

    def test_invented_organisations_say_so_and_real_ones_carry_no_number(self) -> None:
        for organisation in Organisation.objects.all():
            assert organisation.invented == organisation.name.startswith("가상 ")
            assert organisation.invented or organisation.business_number is None

    def test_a_second_rehearsal_is_refused(self) -> None:
        with pytest.raises(Refused) as refusal:
            rehearse(folder=FOLDER, present=PRESENT, say=LINES.append)
        assert refusal.value.code == "not_empty"


@pytest.mark.django_db
def test_a_present_before_the_end_of_the_story_is_refused() -> None:
    with pytest.raises(BadInput) as refusal:
        rehearse(folder=FOLDER, present=datetime(2026, 3, 1, tzinfo=UTC), say=LINES.append)
    assert refusal.value.code == "present_too_early"


@pytest.mark.django_db
def test_data_that_is_no_rehearsal_is_neither_mixed_nor_emptied() -> None:
    Person.objects.create_user("officer@example.org", "secret", display_name="담당자 A")

    for fresh in (False, True):
        with pytest.raises(Refused):
            rehearse(folder=FOLDER, present=PRESENT, say=LINES.append, fresh=fresh)
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_a_folder_without_a_script_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        rehearse(folder=tmp_path, present=PRESENT, say=LINES.append)
    assert refusal.value.code == "rehearsal_missing"
