import io
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

import gongmo.applications.invariants
import gongmo.ledger.invariants  # noqa: F401
from gongmo.applications import commands
from gongmo.applications.commands.documents import paperwork_of
from gongmo.applications.commands.signatures import Hand
from gongmo.applications.models import (
    Application,
    ApplicationDocument,
    Member,
    Origin,
    PaperContent,
    Signature,
)
from gongmo.applications.paperwork import code_of, same_code
from gongmo.applications.queries.documents import DocumentState, changes_of, rows_of, stale_slots, to_sign
from gongmo.applications.strokes import drawing_text, read_drawing
from gongmo.applications.values import CellInput
from gongmo.files.queries import open_file
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.kernel.invariants import invariants
from gongmo.ledger.models import Entry
from gongmo.parties import commands as parties
from gongmo.parties.models import Organisation
from tests.applications.signing import HAND, ready_to_sign, seen, sign
from tests.applications.test_together import at_once
from tests.builders import AT_OPENING, Filled, make_agency_officer, make_applicant, member_actor, pdf

pytestmark = pytest.mark.django_db
FORM, AGREEMENT = ("application_form", None), ("consortium_agreement", None)


@pytest.fixture(autouse=True)
def _while_open() -> Iterator[None]:
    with clock.at(AT_OPENING):
        yield


@pytest.fixture
def filled() -> Filled:
    return ready_to_sign()


def member_of(filled: Filled, actor: Actor) -> Member:
    return Member.objects.get(application=filled.application, organisation=actor.organisation)


def intent(filled: Filled, actor: Actor) -> tuple[str, int | None]:
    return "intent", member_of(filled, actor).pk


def other(filled: Filled) -> Actor:
    """The last partner's actor."""
    return list(filled.actors.values())[-1]


def states(filled: Filled) -> dict[tuple[str, int | None], DocumentState]:
    application = Application.objects.select_related("call__version").get(pk=filled.application.pk)
    return {row.slot.key: row.state for row in rows_of(paperwork_of(application))}


def change_title(filled: Filled, title: str = "바뀐 사업명") -> None:
    commands.update_overview(
        actor=filled.lead,
        application_id=filled.application.pk,
        title=title,
        summary="시험을 위한 개요입니다.",
        fields=["solution"],
    )


def text_of(document: ApplicationDocument) -> str:
    with open_file(document.file_id) as stream:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(stream.read())).pages)


def test_one_signature_makes_the_organisations_own_document(filled: Filled) -> None:
    key = intent(filled, filled.lead)

    done = sign(filled.lead, filled.application, key)

    document = done.documents[0]
    assert (document.kind, document.member_id, document.origin) == (*key, Origin.SIGNED)
    assert document.content_sha256 == done.signatures[0].content_sha256
    assert "김담당" in text_of(document)
    assert states(filled)[key] == DocumentState.DONE


def test_several_papers_are_signed_in_one_act(filled: Filled) -> None:
    keys = [FORM, AGREEMENT, intent(filled, filled.lead)]

    done = sign(filled.lead, filled.application, *keys)

    assert [item.kind for item in done.signatures] == ["application_form", "consortium_agreement", "intent"]
    assert {item.kind for item in done.documents} == {"application_form", "intent"}
    assert Entry.objects.filter(act="applications.sign").count() == 1


def test_agreement_becomes_a_document_when_the_last_has_signed(filled: Filled) -> None:
    *first, last = filled.actors.values()
    for actor in first:
        assert not sign(actor, filled.application, AGREEMENT).documents
        assert states(filled)[AGREEMENT] == DocumentState.SIGNING

    done = sign(last, filled.application, AGREEMENT, hand=Hand("박담당"))

    assert [item.kind for item in done.documents] == ["consortium_agreement"]
    names = text_of(done.documents[0])
    assert "김담당" in names
    assert "박담당" in names


def test_signing_again_changes_nothing(filled: Filled) -> None:
    first = sign(filled.lead, filled.application, FORM)

    again = sign(filled.lead, filled.application, FORM, hand=Hand("다른 이름"))

    assert again.signatures[0].pk == first.signatures[0].pk
    assert not again.documents
    assert Signature.objects.count() == 1


def test_changed_data_make_a_signed_document_stale_and_name_what_changed(filled: Filled) -> None:
    key = intent(filled, filled.lead)
    sign(filled.lead, filled.application, key)

    change_title(filled)

    work = paperwork_of(Application.objects.select_related("call__version").get(pk=filled.application.pk))
    rows = rows_of(work)
    row = next(row for row in rows if row.slot.key == key)
    assert row.state == DocumentState.STALE
    changes = changes_of(work, rows)[key]
    assert [(item.where.ko, item.after.ko) for item in changes] == [("사업명", "바뀐 사업명")]
    assert [slot.key for slot in stale_slots(work)] == [key]


def test_stale_documents_stand_in_the_way_of_submitting_until_signed_again(filled: Filled) -> None:
    sign(filled.lead, filled.application, FORM)
    for actor in filled.actors.values():
        sign(actor, filled.application, AGREEMENT, intent(filled, actor))
    change_title(filled)

    with pytest.raises(Refused) as refused:
        commands.submit(actor=filled.lead, application_id=filled.application.pk)
    assert {item["code"] for item in refused.value.details["obstacles"]} == {"document_stale"}

    sign(filled.lead, filled.application, FORM)
    for actor in filled.actors.values():
        sign(actor, filled.application, AGREEMENT, intent(filled, actor))
    submission = commands.submit(actor=filled.lead, application_id=filled.application.pk)
    assert "바뀐 사업명" in submission.content


def test_data_that_change_back_need_no_new_signature(filled: Filled) -> None:
    key = intent(filled, filled.lead)
    title = filled.application.title
    sign(filled.lead, filled.application, key)

    change_title(filled)
    change_title(filled, title)

    assert states(filled)[key] == DocumentState.DONE


def test_signature_is_over_what_was_seen_and_a_change_meanwhile_is_told(filled: Filled) -> None:
    papers = seen(filled.application, FORM)
    revision = filled.application.revision
    change_title(filled)

    with pytest.raises(Refused) as refused:
        commands.sign(
            actor=filled.lead,
            application_id=filled.application.pk,
            papers=papers,
            hand=HAND,
            agreed=True,
            seen_revision=revision,
        )

    assert refused.value.code == "paper_changed"
    assert "그 사이의 일" in refused.value.ko
    assert "담당자 A" in refused.value.ko
    assert not Signature.objects.exists()


def test_profile_change_of_a_member_makes_its_papers_stale(filled: Filled) -> None:
    actor = other(filled)
    key = intent(filled, actor)
    sign(actor, filled.application, key)

    parties.update_organisation(actor=actor, organisation_id=actor.organisation or 0, name="이름이 바뀐 기관")

    assert states(filled)[key] == DocumentState.STALE


def test_only_signers_of_the_own_organisation_sign(filled: Filled) -> None:
    organisation = Organisation.objects.get(pk=filled.lead.organisation or 0)
    writer = member_actor(organisation, OrganisationRole.WRITER)
    signer = member_actor(organisation, OrganisationRole.SIGNER)

    with pytest.raises(NotAllowed):
        sign(writer, filled.application, FORM)
    with pytest.raises(BadInput):
        sign(other(filled), filled.application, FORM)
    with pytest.raises(BadInput):
        sign(signer, filled.application, intent(filled, other(filled)))
    with pytest.raises(NotFound):
        sign(make_applicant(), filled.application, FORM)
    with pytest.raises(NotAllowed):
        sign(
            replace(make_agency_officer(), organisation=filled.application.call.operator_id),
            filled.application,
            FORM,
        )
    assert sign(signer, filled.application, FORM).documents


def test_removed_member_cannot_sign_and_its_agreement_is_no_more(filled: Filled) -> None:
    actor = other(filled)
    key = intent(filled, actor)
    papers = seen(filled.application, key)
    commands.remove_member(actor=filled.lead, member_id=member_of(filled, actor).pk)

    with pytest.raises(NotFound):
        commands.sign(
            actor=actor, application_id=filled.application.pk, papers=papers, hand=HAND, agreed=True
        )


def test_submitted_application_takes_no_signature(filled: Filled) -> None:
    sign(filled.lead, filled.application, FORM)
    for actor in filled.actors.values():
        sign(actor, filled.application, AGREEMENT, intent(filled, actor))
    commands.submit(actor=filled.lead, application_id=filled.application.pk)

    with pytest.raises(Refused) as refused:
        sign(filled.lead, filled.application, FORM)
    assert refused.value.code == "application_submitted"


def test_withdrawn_signature_takes_the_document_down_and_stays_in_the_record(filled: Filled) -> None:
    key = intent(filled, filled.lead)
    done = sign(filled.lead, filled.application, key)

    with pytest.raises(NotAllowed):
        commands.withdraw_signature(actor=other(filled), signature_id=done.signatures[0].pk)
    commands.withdraw_signature(actor=filled.lead, signature_id=done.signatures[0].pk)

    assert states(filled)[key] == DocumentState.SIGNING
    assert Signature.objects.get().withdrawn_at is not None
    assert sign(filled.lead, filled.application, key).documents


def test_taken_down_document_is_made_again_from_its_signatures(filled: Filled) -> None:
    kind, member = key = intent(filled, filled.lead)
    done = sign(filled.lead, filled.application, key)
    commands.detach(actor=filled.lead, document_id=done.documents[0].pk)

    made = commands.renew_paper(
        actor=filled.lead, application_id=filled.application.pk, kind=kind, member_id=member
    )

    assert made.file_id == done.documents[0].file_id
    with pytest.raises(Refused):
        commands.renew_paper(actor=filled.lead, application_id=filled.application.pk, kind="application_form")


def test_sealed_scan_is_matched_by_the_code_on_the_paper(filled: Filled) -> None:
    wanted = seen(filled.application, FORM)[0]

    with pytest.raises(BadInput) as refused:
        commands.attach(
            actor=filled.lead,
            application_id=filled.application.pk,
            kind="application_form",
            name="직인.pdf",
            stream=pdf("scan"),
            code="AAAA-2222",
        )
    assert refused.value.code == "paper_code_differs"
    document = commands.attach(
        actor=filled.lead,
        application_id=filled.application.pk,
        kind="application_form",
        name="직인.pdf",
        stream=pdf("scan"),
        code=code_of(wanted.content_sha256).lower().replace("-", " "),
    )

    assert (document.origin, document.content_sha256) == (Origin.SEALED, wanted.content_sha256)
    change_title(filled)
    assert states(filled)[FORM] == DocumentState.STALE


def test_unfinished_papers_cannot_be_signed(filled: Filled) -> None:
    cells = [
        CellInput(cell.organisation_id, cell.year, cell.field, cell.category, cell.source, cell.form, 0)
        for cell in filled.application.cells.all()
    ]
    commands.set_cells(actor=filled.lead, application_id=filled.application.pk, cells=cells)

    assert states(filled)[FORM] == DocumentState.WRITING
    with pytest.raises(Refused) as refused:
        sign(filled.lead, filled.application, FORM)
    assert refused.value.code == "paper_unready"


@pytest.mark.parametrize(
    ("hand", "agreed", "code"),
    [
        (Hand(" "), True, "name_missing"),
        (Hand("가" * 101), True, "name_too_long"),
        (HAND, False, "agreement_missing"),
        (Hand("김담당", drawing="[[[1,2],[3]]]"), True, "drawing_unreadable"),
        (Hand("김담당", drawing="[" * 5000), True, "drawing_unreadable"),
    ],
)
def test_unusable_hands_are_refused(filled: Filled, hand: Hand, agreed: bool, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        commands.sign(
            actor=filled.lead,
            application_id=filled.application.pk,
            papers=seen(filled.application, FORM),
            hand=hand,
            agreed=agreed,
        )

    assert refused.value.code == code
    assert not Signature.objects.exists()


def test_asset_plan_is_due_and_ready_only_with_money_for_assets(filled: Filled) -> None:
    actor = other(filled)
    member = member_of(filled, actor)
    assert ("asset_plan", member.pk) not in states(filled)

    commands.set_buys_assets(actor=actor, member_id=member.pk, value=True)
    assert states(filled)["asset_plan", member.pk] == DocumentState.WRITING
    commands.set_cells(
        actor=actor,
        application_id=filled.application.pk,
        cells=[CellInput(member.organisation_id, 2030, "solution", "equipment", "private", "cash", 1000)],
    )

    assert states(filled)["asset_plan", member.pk] == DocumentState.SIGNING


def test_rows_seals_hold_after_signing(filled: Filled) -> None:
    sign(filled.lead, filled.application, FORM)

    check = next(item for item in invariants() if item.name == "ledger.rows")

    assert list(check.check()) == []


def test_reading_the_rows_of_many_members_takes_the_same_statements() -> None:
    small, large = ready_to_sign(1, slug="small"), ready_to_sign(6, slug="large")
    counts = []
    for filled in (small, large):
        sign(filled.lead, filled.application, FORM)
        work = paperwork_of(Application.objects.select_related("call__version").get(pk=filled.application.pk))
        with CaptureQueriesContext(connection) as queries:
            rows = rows_of(work)
            to_sign(work, member_of(filled, filled.lead), rows)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 11


@pytest.mark.django_db(transaction=True)
def test_two_signers_of_one_organisation_at_once_leave_one_signature() -> None:
    filled = ready_to_sign(0)
    colleague = member_actor(
        Organisation.objects.get(pk=filled.lead.organisation or 0), OrganisationRole.SIGNER
    )

    def act(actor: Actor) -> object:
        with clock.at(AT_OPENING):
            return sign(actor, filled.application, FORM)

    results = at_once(lambda: act(filled.lead), lambda: act(colleague))

    assert not [result for result in results if isinstance(result, Exception)]
    assert Signature.objects.filter(withdrawn_at__isnull=True).count() == 1
    assert ApplicationDocument.objects.filter(kind="application_form", removed_at__isnull=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_last_two_signers_at_once_complete_the_agreement_once() -> None:
    filled = ready_to_sign(0)

    def act(actor: Actor) -> object:
        with clock.at(AT_OPENING):
            return sign(actor, filled.application, AGREEMENT)

    results = at_once(*(lambda actor=actor: act(actor) for actor in filled.actors.values()))

    assert not [result for result in results if isinstance(result, Exception)]
    current = ApplicationDocument.objects.get(kind="consortium_agreement", removed_at__isnull=True)
    assert text_of(current).count("김담당") == 2


@pytest.mark.django_db(transaction=True)
def test_signing_against_a_change_signs_what_was_seen_or_nothing() -> None:
    filled = ready_to_sign(0)
    papers = seen(filled.application, FORM)
    go = threading.Event()

    def change() -> None:
        with clock.at(AT_OPENING):
            change_title(filled)
        go.set()

    def act() -> object:
        with clock.at(AT_OPENING):
            return commands.sign(
                actor=filled.lead,
                application_id=filled.application.pk,
                papers=papers,
                hand=HAND,
                agreed=True,
            )

    _, signed = at_once(change, act)

    held = {signature.content_sha256 for signature in Signature.objects.all()}
    assert held <= {papers[0].content_sha256}
    assert bool(held) != isinstance(signed, Refused)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 400)), min_size=1, max_size=30), max_size=8
    )
)
def test_drawings_are_kept_as_they_were_drawn(strokes: list[list[tuple[int, int]]]) -> None:
    drawn = tuple(tuple(stroke) for stroke in strokes)

    assert read_drawing(drawing_text(drawn)) == drawn


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_drawings(text: str) -> None:
    try:
        found = read_drawing(text)
    except BadInput:
        return
    assert all(0 <= x <= 1000 and 0 <= y <= 400 for stroke in found for x, y in stroke)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_codes_belong_to_their_hash(one: bytes, two: bytes) -> None:
    assert same_code(code_of(one.hex()).lower(), one.hex())
    assert same_code(code_of(one.hex()), two.hex()) == (one[:5] == two[:5])


def test_doctor_finds_a_signed_document_whose_content_or_signature_is_gone(filled: Filled) -> None:
    sign(filled.lead, filled.application, FORM)
    check = next(item for item in invariants() if item.name == "applications.signed_documents_hold")
    assert list(check.check()) == []

    PaperContent.objects.update(content="{}")
    Signature.objects.all().delete()

    assert {place.subject.split()[0] for place in check.check()} == {"paper", "application_document"}
