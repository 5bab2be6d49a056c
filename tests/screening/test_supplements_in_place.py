"""A request opens exactly the named answers and documents, until its own deadline; what was submitted stays as it was."""

import json
from datetime import timedelta

import pytest

from gongmo.applications.models import Submission
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from gongmo.ledger.models import Entry
from gongmo.parties.models import Organisation
from gongmo.screening import commands, queries
from gongmo.screening.commands import TextInput
from gongmo.screening.judgement import screened_value
from gongmo.screening.models import Supplement, SupplementItem
from tests.builders import make_applicant, member_actor, pdf
from tests.sample_call import C, sample_definition, t
from tests.screening.builders import AT_REVIEW, Reviewed, in_review
from tests.screening.test_pages import signed_in

pytestmark = pytest.mark.django_db
DUE = AT_REVIEW + timedelta(days=5)
FORM = {
    "sections": [
        {
            "id": "purpose",
            "name": t("목적", "Purpose"),
            "questions": [
                {
                    "id": "goals",
                    **C,
                    "name": t("목표", "Goals"),
                    "kind": "long_text",
                    "limit": 50,
                    "required": False,
                },
                {
                    "id": "state",
                    **C,
                    "name": t("현황", "State"),
                    "kind": "long_text",
                    "required": False,
                },
            ],
        }
    ]
}


def opened(*keys: str) -> tuple[Reviewed, Supplement]:
    """A review whose officer has opened these answers and documents of the first application."""
    found = in_review(definition=sample_definition(form=FORM))
    with clock.at(AT_REVIEW):
        supplement = commands.request_supplement(
            actor=found.agency,
            application_id=found.items[0].application.pk,
            what="목표를 숫자로 적고 계획서 3쪽의 표를 다시 내 주세요.",
            due_at=DUE,
            opened=keys,
        )
    return found, supplement


def write(
    found: Reviewed, item: SupplementItem, text: str, base: int = 0, actor: Actor | None = None
) -> list:  # type: ignore[type-arg]
    return commands.save_supplement_texts(
        actor=actor or found.items[0].lead,
        application_id=found.items[0].application.pk,
        changes=[TextInput(f"item:{item.pk}", text, base)],
    )


def test_the_answer_and_the_document_of_an_accepted_supplement_are_what_is_judged() -> None:
    found, supplement = opened("answer:goals", "document:plan:")
    goals, plan = supplement.items.order_by("id")
    before = Submission.objects.get(application=found.items[0].application).content
    with clock.at(DUE - timedelta(milliseconds=1)):
        write(found, goals, "도입 기업 50곳")
        item = commands.attach_to_supplement(
            actor=found.items[0].lead, item_id=plan.pk, name="고친 계획서.pdf", stream=pdf("mended plan")
        )
        commands.answer_supplement(
            actor=found.items[0].lead, supplement_id=supplement.pk, answer="목표와 계획서를 고쳤습니다."
        )
    still = screened_value(found.items[0].application)
    with clock.at(DUE):
        commands.accept_supplement(actor=found.agency, supplement_id=supplement.pk)

    value = screened_value(found.items[0].application)

    assert (still.answers or {}).get("goals", "") == ""
    assert (value.answers or {})["goals"] == "도입 기업 50곳"
    (document,) = [one for one in value.documents if one.kind == "plan"]
    assert (document.file, document.sha256) == ("고친 계획서.pdf", item.file_id)
    assert Submission.objects.get(application=found.items[0].application).content == before


def test_a_request_opens_nothing_that_was_not_named() -> None:
    found, supplement = opened("answer:goals")

    assert [(item.kind, item.place) for item in supplement.items.all()] == [("answer", "goals")]
    with clock.at(AT_REVIEW), pytest.raises(BadInput, match="opened_unknown"):
        commands.request_supplement(
            actor=found.agency,
            application_id=found.items[0].application.pk,
            what="더 보완해 주세요.",
            due_at=DUE,
            opened=["answer:unknown"],
        )


def test_texts_are_refused_at_the_deadline_instant_with_both_times() -> None:
    found, supplement = opened("answer:goals")
    item = supplement.items.get()
    with clock.at(DUE):
        (outcome,) = write(found, item, "늦은 글")

    assert outcome.refused is not None
    assert outcome.refused.code == "past_due"
    assert "지났습니다" in outcome.refused.ko
    item.refresh_from_db()
    assert item.text == ""


def test_a_file_is_refused_at_the_deadline_instant() -> None:
    found, supplement = opened("document:plan:")
    with clock.at(DUE), pytest.raises(Refused, match="past_due"):
        commands.attach_to_supplement(
            actor=found.items[0].lead, item_id=supplement.items.get().pk, name="a.pdf", stream=pdf()
        )


def test_two_writers_never_overwrite_each_other_unseen() -> None:
    found, supplement = opened("answer:goals")
    item = supplement.items.get()
    colleague = member_actor(Organisation.objects.get(pk=found.items[0].lead.organisation))
    with clock.at(AT_REVIEW):
        write(found, item, "첫 글")
        (conflict,) = write(found, item, "다른 글", base=0, actor=colleague)
        (same,) = write(found, item, "첫 글", base=0, actor=colleague)
        (later,) = write(found, item, "다른 글", base=1, actor=colleague)

    assert (conflict.conflict, conflict.value, conflict.revision) == (True, "첫 글", 1)
    assert (same.conflict, same.written) == (False, False)
    assert (later.written, later.revision) == (True, 2)


@pytest.mark.parametrize("text", ["", "가" * 51])
def test_a_request_is_not_handed_in_while_an_item_is_unchanged_or_unfit(text: str) -> None:
    found, supplement = opened("answer:goals", "document:plan:")
    with clock.at(AT_REVIEW):
        write(found, supplement.items.get(kind="answer"), text)
        with pytest.raises(Refused) as refused:
            commands.answer_supplement(
                actor=found.items[0].lead, supplement_id=supplement.pk, answer="고쳤습니다."
            )

    assert refused.value.code == "supplement_incomplete"
    assert len(refused.value.details["items"]) == 2


def test_nothing_can_be_changed_after_handing_in() -> None:
    found, supplement = opened("answer:goals")
    item = supplement.items.get()
    with clock.at(AT_REVIEW):
        write(found, item, "고친 글")
        commands.answer_supplement(
            actor=found.items[0].lead, supplement_id=supplement.pk, answer="고쳤습니다."
        )
        (outcome,) = write(found, item, "또 고친 글", base=1)

    assert outcome.refused is not None
    assert outcome.refused.code == "supplement_answered"


def test_only_writers_of_the_lead_write_and_strangers_learn_nothing() -> None:
    found, supplement = opened("answer:goals")
    lead = Organisation.objects.get(pk=found.items[0].lead.organisation)
    viewer = member_actor(lead, OrganisationRole.VIEWER)
    with clock.at(AT_REVIEW):
        with pytest.raises(NotAllowed):
            write(found, supplement.items.get(), "글", actor=viewer)
        with pytest.raises(NotFound):
            write(found, supplement.items.get(), "글", actor=make_applicant())


def test_the_officer_sees_drafts_only_once_they_are_handed_in() -> None:
    found, supplement = opened("answer:goals", "document:plan:")
    goals, plan = supplement.items.order_by("id")
    with clock.at(AT_REVIEW):
        write(found, goals, "아직 쓰는 중인 비밀 글")
        commands.attach_to_supplement(
            actor=found.items[0].lead, item_id=plan.pk, name="draft.pdf", stream=pdf("draft")
        )
        officer = signed_in(found.agency)
        address = f"/screening/{found.call.slug}/{found.items[0].application.pk}/"
        html = officer.get(address).content.decode()
        file = officer.get(f"/screening-items/{plan.pk}/file/").status_code
        commands.answer_supplement(
            actor=found.items[0].lead, supplement_id=supplement.pk, answer="고쳤습니다."
        )
        later = officer.get(address).content.decode()
        file_later = officer.get(f"/screening-items/{plan.pk}/file/").status_code

    assert "비밀 글" not in html
    assert file == 404
    assert "비밀 글" in later
    assert file_later == 200


def test_the_page_saves_what_is_written_and_hands_it_in_without_a_script_too() -> None:
    found, supplement = opened("answer:goals")
    item = supplement.items.get()
    application = found.items[0].application
    with clock.at(AT_REVIEW):
        lead = signed_in(found.items[0].lead)
        page = lead.get(f"/applications/{application.pk}/screening/").content.decode()
        saved = lead.post(
            f"/applications/{application.pk}/screening/save/",
            json.dumps({"changes": [{"path": f"item:{item.pk}", "value": "쓰는 중", "base": 0}]}),
            content_type="application/json",
        ).json()
        answered = lead.post(
            f"/screening-supplements/{supplement.pk}/answer/",
            {f"item-{item.pk}": "다 고친 글", f"seen-{item.pk}": "1", "answer": "고쳤습니다."},
        )

    assert f'data-save="item:{item.pk}"' in page
    assert saved["results"] == [
        {"path": f"item:{item.pk}", "state": "saved", "revision": 1, "value": "쓰는 중"}
    ]
    assert answered.status_code == 302
    item.refresh_from_db()
    supplement.refresh_from_db()
    assert (item.text, supplement.state) == ("다 고친 글", "answered")


def test_the_officer_opens_items_on_the_page() -> None:
    found = in_review(definition=sample_definition(form=FORM))
    application = found.items[0].application
    with clock.at(AT_REVIEW):
        officer = signed_in(found.agency)
        officer.post(
            f"/screening/{found.call.slug}/{application.pk}/supplement/",
            {"what": "고쳐 주세요.", "due_at": "2030-04-10T18:00", "open-answer:state": "yes"},
        )

    assert [item.place for item in SupplementItem.objects.all()] == ["state"]


def test_the_record_keeps_hashes_of_drafts_and_the_whole_of_what_was_handed_in() -> None:
    found, supplement = opened("answer:goals")
    with clock.at(AT_REVIEW):
        write(found, supplement.items.get(), "쓰다 만 글")
        write(found, supplement.items.get(), "다 쓴 글", base=1)
        commands.answer_supplement(
            actor=found.items[0].lead, supplement_id=supplement.pk, answer="고쳤습니다."
        )

    drafts = Entry.objects.filter(act="screening.save_supplement").values_list("body", flat=True)
    answer = json.loads(Entry.objects.get(act="screening.answer_supplement").body)
    assert not any(
        "쓰다 만 글" in json.dumps(json.loads(body)["payload"], ensure_ascii=False) for body in drafts
    )
    assert answer["payload"]["items"][0]["text"] == "다 쓴 글"
    assert queries.own_supplements(found.items[0].lead, found.items[0].application)[0].state == "answered"


@pytest.mark.parametrize("base", ["1e999", "-1e999", "NaN", '"x"', "[]"])
def test_what_cannot_be_read_is_told_in_words(base: str) -> None:
    found, supplement = opened("answer:goals")
    item = supplement.items.get()
    body = f'{{"changes": [{{"path": "item:{item.pk}", "value": "x", "base": {base}}}]}}'

    with clock.at(DUE - timedelta(hours=1)):
        answer = signed_in(found.items[0].lead).post(
            f"/applications/{found.items[0].application.pk}/screening/save/", body, "application/json"
        )

    assert (answer.status_code, answer.json()["code"]) == (422, "changes_unreadable")


def test_letters_that_no_database_holds_are_left_out() -> None:
    found, supplement = opened("answer:goals")

    with clock.at(DUE - timedelta(hours=1)):
        (saved,) = write(found, supplement.items.get(), "기업 \ud800\x0050곳")

    assert saved.value == supplement.items.get().text == "기업 50곳"
