"""Generated documents say what the application says, figure by figure, in both formats and to readers of their own."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongmo.applications.models import Application, BudgetCell, Member
from gongmo.applications.papers import (
    consented,
    content_sha256,
    cover_paper,
    load,
    paper_for,
    pledged_amount,
    read_arrival_code,
    signers,
)
from gongmo.applications.papers.data import PaperData
from gongmo.kernel.korean import percent
from gongmo.papers import Paper, Signatures, Signed, Table, to_hwpx, to_pdf
from gongmo.papers.values import texts
from gongmo.papers.words import won_in_words
from tests.applications.papers.samples import consortium
from tests.builders import Filled
from tests.papers.reading import hwpx_tables, hwpx_text, hwpx_xml_text, missing, pdf_text, squeezed

pytestmark = pytest.mark.django_db
TEMPLATES = (
    "application_form",
    "consortium_agreement",
    "intent",
    "self_check",
    "local_pledge",
    "asset_plan",
    "consent",
)


@pytest.fixture
def filled() -> Filled:
    return consortium()


def loaded(filled: Filled) -> PaperData:
    return load(
        Application.objects.select_related("call__version", "call__operator", "lead", "region").get(
            pk=filled.application.pk
        )
    )


def papers_of(data: PaperData) -> dict[tuple[str, str], Paper]:
    """Every generated document of the application."""
    found = {}
    for kind in data.definition.documents:
        if kind.per == "application":
            found[kind.id, ""] = paper_for(data, kind)
        for party in data.parties if kind.per == "organisation" else ():
            if party.role in kind.roles:
                found[kind.id, party.name] = paper_for(data, kind, party.organisation)
    return found


def table(paper: Paper, caption: str) -> Table:
    return next(block for block in paper.blocks if isinstance(block, Table) and block.caption == caption)


def test_both_formats_say_every_word_of_every_document(filled: Filled):
    made = papers_of(loaded(filled))

    assert {kind for kind, _ in made} == set(TEMPLATES)
    for key, paper in made.items():
        wanted = texts(paper)
        hwpx = to_hwpx(paper)
        assert missing(wanted, pdf_text(to_pdf(paper))) == [], key
        assert missing(wanted, hwpx_text(hwpx)) == [], key
        assert missing(wanted, hwpx_xml_text(hwpx)) == [], key


def test_every_sum_of_the_application_form_is_the_budgets(filled: Filled):
    data = loaded(filled)
    cells = list(BudgetCell.objects.filter(application=filled.application))
    sources = ["national", "local", "private"]
    total = sum(cell.amount for cell in cells)
    read_pdf = squeezed(pdf_text(to_pdf(paper_for(data, "application_form"))))
    read_tables = hwpx_tables(to_hwpx(paper_for(data, "application_form")))

    sums: Counter[tuple[str, object]] = Counter()
    for cell in cells:
        sums["organisation", cell.organisation_id, cell.source] += cell.amount
        sums["category", cell.category, cell.source] += cell.amount
        sums["year", cell.year, cell.source] += cell.amount
        sums["source", cell.source] += cell.amount

    names = dict(Member.objects.values_list("organisation_id", "organisation__name"))
    organisations = {
        row[0]: row[1:] for row in next(t for t in read_tables if t[0][0] == "기관" and t[0][-1] == "계")
    }
    for organisation in {cell.organisation_id for cell in cells}:
        amounts = [sums["organisation", organisation, source] for source in sources]
        assert organisations[names[organisation]] == [f"{a:,}" for a in (*amounts, sum(amounts))]
        assert squeezed(names[organisation] + "".join(f"{a:,}" for a in (*amounts, sum(amounts)))) in read_pdf
    assert organisations["합계"] == [f"{sums['source', source]:,}" for source in sources] + [f"{total:,}"]
    assert organisations["비율"][:3] == [percent(sums["source", source], total) for source in sources]

    by_source = {row[0]: row[1:] for row in next(t for t in read_tables if t[0][0] == "재원")}
    for source, name in zip(sources, ("국비", "지방비", "민간부담금"), strict=True):
        years = [sums["year", year, source] for year in (2030, 2031)]
        in_kind = sum(cell.amount for cell in cells if cell.source == source and cell.form == "in_kind")
        assert by_source[name] == [
            *(f"{amount:,}" for amount in years),
            f"{sum(years):,}",
            percent(sum(years), total),
            f"{in_kind:,}",
        ]
    categories = {row[0]: row[1:] for row in next(t for t in read_tables if t[0][0] == "비목")}
    for category, name in (("staff", "인건비"), ("equipment", "장비비")):
        amounts = [sums["category", category, source] for source in sources]
        assert categories[name] == [f"{a:,}" for a in (*amounts, sum(amounts))]


def test_the_application_form_tells_answers_people_and_indicators(filled: Filled):
    read = pdf_text(to_pdf(paper_for(loaded(filled), "application_form")))

    for words in (
        filled.application.title,
        "시험을 위한 개요입니다.",
        "김담당 · kim@example.com",
        "첫째 해에 진단합니다.",
        "둘째 해에 넓힙니다.",
        "도입 기업 곳 12.5 1,500 실적 보고",
        *(member.organisation.name for member in Member.objects.select_related("organisation")),
    ):
        assert squeezed(words) in squeezed(read)


def test_the_self_check_tells_each_answer_and_the_exception_that_is_claimed(filled: Filled):
    data = loaded(filled)
    partner = data.parties[2]

    read = squeezed(pdf_text(to_pdf(paper_for(data, "self_check", partner.organisation))))

    assert squeezed("예 2030. 2. 10.") in read
    assert squeezed("아니요 2030. 2. 10.") in read
    assert squeezed("후속 지원 (앞선 과제가 끝난 날 2029. 5. 1.)") in read
    assert squeezed("앞선 과제의 후속입니다.") in read


def test_the_pledge_names_all_money_of_its_source_in_figures_and_words(filled: Filled):
    data = loaded(filled)
    government = next(party for party in data.parties if party.role == "government")
    local = BudgetCell.objects.filter(application=filled.application, source="local")
    total = sum(cell.amount for cell in local)
    kind = data.definition.document("local_pledge")

    read = squeezed(pdf_text(to_pdf(paper_for(data, kind, government.organisation))))

    assert pledged_amount(data, kind, government.organisation) == total
    assert squeezed(f"모두 {won_in_words(total)}({total:,}원)입니다.") in read
    for year in (2030, 2031):
        assert f"({year}){sum(cell.amount for cell in local if cell.year == year):,}0" in read


def test_the_asset_plan_holds_the_organisations_own_asset_cells_only(filled: Filled):
    data = loaded(filled)
    partner = data.parties[2]

    rows = table(paper_for(data, "asset_plan", partner.organisation), "자산으로 남는 비목의 사업비").rows

    assert rows == (
        ("2030", "AI 솔루션", "장비비", "12,345,678", "0", "0", "12,345,678"),
        ("2031", "AI 솔루션", "장비비", "0", "98,765", "0", "98,765"),
    ) or [row[3:] for row in rows] == [
        ("12,345,678", "0", "0", "12,345,678"),
        ("0", "98,765", "0", "98,765"),
    ]


def test_consents_stand_apart_with_what_was_chosen(filled: Filled):
    data = loaded(filled)
    lead, partner = data.parties[0], data.parties[2]

    read = squeezed(pdf_text(to_pdf(paper_for(data, "consent", partner.organisation))))

    assert squeezed("■ 동의함 (2030. 2. 10.)") in read
    assert squeezed("□ 동의하지 않음 (2030. 2. 10.)") in read
    assert squeezed("[필수]") in read
    assert squeezed("[선택]") in read
    assert consented(data, lead.organisation)
    assert consented(data, partner.organisation)


def test_signatures_stand_at_their_place_and_leave_the_content_as_it_is(filled: Filled):
    data = loaded(filled)
    kind = data.definition.document("consortium_agreement")
    signed = Signed("이서명", "2030. 2. 11.", "대표", (((10, 10), (500, 200)),))

    bare = paper_for(data, kind)
    paper = paper_for(data, kind, None, {data.parties[1].organisation: signed})

    lines = next(block for block in paper.blocks if isinstance(block, Signatures)).lines
    assert [line.signed for line in lines] == [None, signed, None, None]
    assert [party.organisation for party in signers(data, kind, None)] == [
        p.organisation for p in data.parties
    ]
    assert content_sha256(paper) == content_sha256(bare)
    assert "이서명" in pdf_text(to_pdf(paper))


def test_one_organisations_paper_does_not_change_with_anothers_money(filled: Filled):
    before = loaded(filled)
    BudgetCell.objects.filter(organisation_id=before.parties[2].organisation).update(amount=1)
    after = loaded(filled)

    lead = before.parties[0].organisation
    for kind in ("intent", "self_check", "consent"):
        assert content_sha256(paper_for(before, kind, lead)) == content_sha256(paper_for(after, kind, lead))
    for kind in ("application_form", "consortium_agreement"):
        assert content_sha256(paper_for(before, kind)) != content_sha256(paper_for(after, kind))


def test_english_papers_have_no_korean_of_ours_and_another_hash(filled: Filled):
    data = loaded(filled)
    lead = data.parties[0].organisation

    paper = paper_for(data, "intent", lead, language="en")

    assert paper.language == "en"
    assert content_sha256(paper) != content_sha256(paper_for(data, "intent", lead))
    assert to_pdf(paper).startswith(b"%PDF")


def test_loading_takes_the_same_few_statements_for_any_consortium(filled: Filled):
    application = Application.objects.select_related("call__version", "call__operator", "lead", "region").get(
        pk=filled.application.pk
    )
    load(application)
    with CaptureQueriesContext(connection) as few:
        load(application)
    larger = consortium_again(filled)
    with CaptureQueriesContext(connection) as many:
        load(larger)

    assert len(few) == len(many) == 6


def consortium_again(filled: Filled) -> Application:
    """Another application to the same call with more members."""
    from tests.builders import filled_application

    call = filled.application.call
    made = filled_application(call, region="KR-26", partners=6)
    return Application.objects.select_related("call__version", "call__operator", "lead", "region").get(
        pk=made.application.pk
    )


def test_a_kind_that_is_not_written_and_a_stranger_are_refused(filled: Filled):
    data = loaded(filled)

    with pytest.raises(KeyError):
        paper_for(data, "no_such_kind")
    with pytest.raises(KeyError):
        paper_for(data, "intent", 10**9)


def test_the_cover_sheet_carries_a_code_that_names_the_application(filled: Filled):
    data = loaded(filled)

    paper = cover_paper(
        data, enclosed=[("사업계획서", "가상 기관"), ("확인서", "")], receipt_number="sample-0001"
    )
    read = pdf_text(to_pdf(paper))

    assert read_arrival_code(paper.number) == filled.application.pk
    assert missing(texts(paper), read) == []
    assert "sample-0001" in read


def test_every_document_is_the_same_bytes_again(filled: Filled):
    once, again = papers_of(loaded(filled)), papers_of(loaded(filled))

    for key, paper in once.items():
        assert to_pdf(paper) == to_pdf(again[key]), key
        assert to_hwpx(paper) == to_hwpx(again[key]), key
