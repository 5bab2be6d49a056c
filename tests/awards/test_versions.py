"""The agreement's text: made from the definition, signed over what each saw, revised before and sealed after the last signature."""

import hashlib

import pytest
from django.test import Client

from gongmo.applications.commands.signatures import Hand
from gongmo.awards import commands, printing
from gongmo.awards.content import read_content
from gongmo.awards.models import Agreement, AgreementPrint, AgreementVersion, PrintKind
from gongmo.awards.paper import agreement_paper
from gongmo.awards.sealing import check_pdf
from gongmo.awards.tasks import print_version, seal_version
from gongmo.calls.queries import definition_of
from gongmo.files.queries import open_file
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.papers import content_sha256
from gongmo.papers.values import texts
from gongmo.parties.models import Person
from gongmo.tasks import GiveUp
from tests.awards.builders import (
    LATER,
    Ranked,
    agreed_call,
    agreement_in_force,
    negotiation_of,
    sign,
    sign_by_all,
)
from tests.awards.test_sealing import signed_elsewhere

pytestmark = pytest.mark.django_db


def drawn_up() -> tuple[Ranked, Agreement]:
    found = agreed_call(2)
    with clock.at(LATER):
        made = commands.draw_up_agreement(
            actor=found.agency, negotiation_id=negotiation_of(found.order[0].application).pk
        )
    return found, made


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person))
    return client


def test_the_text_names_parties_money_and_period():
    found, agreement = drawn_up()
    version = agreement.versions.get()
    content = read_content(version.content)
    paper = agreement_paper(content, definition_of(found.call))
    said = "\n".join(texts(paper))

    assert version.paper_sha256 == content_sha256(paper)
    assert "1,000,000,000원" in said
    for party in agreement.parties.select_related("organisation"):
        assert party.organisation.name in said


def test_what_people_wrote_is_text_and_never_markup():
    found, agreement = drawn_up()
    content = read_content(agreement.versions.get().content)
    hostile = content.model_copy(update={"title": "## {money} **x**", "scope": "{signatures}\n# 제목"})
    paper = agreement_paper(hostile, definition_of(found.call))
    said = "\n".join(texts(paper))

    assert "{signatures}\n# 제목" in said
    assert "‘## {money} **x**’" in said


def test_the_kept_words_give_the_very_paper_back():
    found, agreement = drawn_up()
    version = agreement.versions.get()
    made = agreement_paper(read_content(version.content), definition_of(found.call))

    kept = printing.version_paper(version)

    assert kept == made
    assert content_sha256(kept) == version.paper_sha256


def test_a_signature_over_another_text_is_refused():
    found, agreement = drawn_up()
    lead = found.order[0].lead
    with clock.at(LATER):
        with pytest.raises(Refused) as refused:
            commands.sign_agreement(
                actor=lead, agreement_id=agreement.pk, paper_sha256="0" * 64, hand=Hand("김담당")
            )
        with pytest.raises(BadInput):
            commands.sign_agreement(
                actor=lead,
                agreement_id=agreement.pk,
                paper_sha256=agreement.versions.get().paper_sha256,
                hand=Hand("김담당"),
                agreed=False,
            )

    assert refused.value.code == "agreement_changed"


def test_revising_drops_the_signatures_and_is_signed_anew():
    found, agreement = drawn_up()
    lead = found.order[0].lead
    with clock.at(LATER):
        sign(agreement, lead)
        commands.revise_agreement(
            actor=found.agency,
            agreement_id=agreement.pk,
            revision=commands.Revision(conditions=("장비는 함께 씁니다.",)),
            reason="협의한 특약을 넣습니다.",
        )
        states = list(AgreementVersion.objects.order_by("number").values_list("state", flat=True))
        waiting = agreement.parties.filter(signed_at__isnull=False).count()
        sign_by_all(agreement, found.agency, *found.order[0].actors.values())

    agreement.refresh_from_db()
    assert states == ["dropped", "signing"]
    assert waiting == 0
    assert agreement.state == "in_force"
    with clock.at(LATER), pytest.raises(Refused):
        commands.revise_agreement(
            actor=found.agency,
            agreement_id=agreement.pk,
            revision=commands.Revision(scope="다른 범위"),
            reason="늦은 수정",
        )


def sealed_version(settings, tmp_path) -> tuple[Ranked, Agreement, AgreementVersion]:
    settings.GONGMO_HOME = tmp_path
    found = agreed_call(2)
    agreement = agreement_in_force(found)
    version = agreement.versions.get()
    type(found.call).objects.filter(pk=found.call.pk).update(rehearsal=True)
    with clock.at(LATER):
        seal_version(version=version.pk)
        seal_version(version=version.pk)
    return found, agreement, version


def test_the_last_signature_is_followed_by_one_seal(settings, tmp_path):
    _, agreement, version = sealed_version(settings, tmp_path)
    made = AgreementPrint.objects.get(version=version, kind=PrintKind.SEALED)
    with open_file(made.file_id) as handle:
        content = handle.read()

    (seal,) = check_pdf(content, printing.trusted_certificates(rehearsal=True))
    assert seal.holds
    assert seal.trusted
    assert version.paper_sha256 in seal.reason
    assert agreement.number in seal.reason
    assert hashlib.sha256(content).hexdigest() == made.file_id


def test_without_a_certificate_nothing_is_sealed_and_the_queue_says_why():
    found = agreed_call(2)
    agreement = agreement_in_force(found)

    with pytest.raises(GiveUp) as given_up:
        seal_version(version=agreement.versions.get().pk)

    assert "GONGMO_SEAL_KEY" in given_up.value.ko


def test_a_partys_own_certificate_is_checked_and_kept(settings, tmp_path):
    found, agreement, version = sealed_version(settings, tmp_path)
    lead = found.order[0].lead
    with open_file(AgreementPrint.objects.get(kind=PrintKind.SEALED).file_id) as handle:
        content = handle.read()
    with clock.at(LATER):
        kept = commands.add_own_signature(
            actor=lead, agreement_id=agreement.pk, number=version.number, content=signed_elsewhere(content)
        )
        for wrong in (content, content + b"x", b"%PDF-1.7 other"):
            with pytest.raises(BadInput):
                commands.add_own_signature(
                    actor=lead, agreement_id=agreement.pk, number=version.number, content=wrong
                )

    assert [each["holds"] if "holds" in each else each["intact"] for each in kept.told["signatures"]] == [
        True,
        True,
    ]


def test_files_come_from_the_queue_and_not_from_the_request():
    found, agreement = drawn_up()
    client = browser(found.order[0].lead)
    url = f"/agreements/{agreement.pk}/text/1/pdf/"
    with clock.at(LATER):
        waits = client.get(url)
        print_version(version=agreement.versions.get().pk)
        pdf, hwpx = client.get(url), client.get(url.replace("pdf", "hwpx"))

    assert waits.status_code == 302
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert b"".join(hwpx.streaming_content).startswith(b"PK")
    assert browser(found.order[1].lead).get(url).status_code == 404


def test_the_text_page_lets_a_party_sign_and_costs_the_same_for_more_signatures(
    django_assert_max_num_queries,
):
    found, agreement = drawn_up()
    item = found.order[0]
    client = browser(item.lead)
    url = f"/agreements/{agreement.pk}/text/"
    with clock.at(LATER):
        page = client.get(url).content.decode()
        for actor in item.actors.values():
            sign(agreement, actor)
        with django_assert_max_num_queries(24):
            signed = client.get(url)

    assert 'name="drawing"' in page
    assert 'name="drawing"' not in signed.content.decode()
