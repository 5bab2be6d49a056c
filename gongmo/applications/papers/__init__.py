"""The documents that Gongmo writes for an application, as papers: pure functions of `PaperData`, which is loaded once.

data = load(application)                            # a constant number of statements
paper = paper_for(data, "self_check", organisation) # an organisation's id; None where it is written once for all
content_sha256(paper)                               # what a signature covers
paper_for(data, "self_check", organisation, {organisation: Signed(...)})
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from gongmo.applications.models import Application
from gongmo.applications.papers import statements
from gongmo.applications.papers.codes import code_of, read_arrival_code
from gongmo.applications.papers.cover import cover_paper
from gongmo.applications.papers.data import PaperData, Party, load
from gongmo.applications.papers.form import addressee, application_form, consortium_agreement
from gongmo.applications.papers.receipt import ChannelLine, receipt_paper
from gongmo.applications.papers.wording import Tongue
from gongmo.applications.values import CONSENTS
from gongmo.definition.model import DocumentKind
from gongmo.definition.papers import PaperText, Template
from gongmo.papers import Block, Language, Paper, SignatureLine, Signatures, Signed, content_sha256

ForAll = Callable[[PaperData, PaperText, Tongue], tuple[Block, ...]]
ForOne = Callable[[PaperData, DocumentKind, PaperText, Party, Tongue], tuple[Block, ...]]

FOR_ALL: Mapping[Template, ForAll] = {
    Template.APPLICATION_FORM: application_form,
    Template.CONSORTIUM_AGREEMENT: consortium_agreement,
}
PER_ORGANISATION: Mapping[Template, ForOne] = {
    Template.INTENT: statements.intent,
    Template.SELF_CHECK: statements.self_check,
    Template.LOCAL_PLEDGE: statements.local_pledge,
    Template.ASSET_PLAN: statements.asset_plan,
    Template.CONSENT: statements.consent,
}

__all__ = [
    "FOR_ALL",
    "PER_ORGANISATION",
    "ChannelLine",
    "PaperData",
    "Party",
    "arrival_code",
    "code_of",
    "consented",
    "content_sha256",
    "cover_paper",
    "load",
    "paper_for",
    "pledged_amount",
    "read_arrival_code",
    "receipt_paper",
    "signers",
]


def arrival_code(application: Application) -> str:
    """The code on an application's cover sheet, which `read_arrival_code` reads."""
    return code_of(application.pk)


def signers(data: PaperData, kind: DocumentKind, organisation: int | None) -> tuple[Party, ...]:
    """Who signs a generated document: every party of a consortium's agreement, the lead for what else is written once for all,
    else the organisation of which it speaks.
    """
    if kind.paper is None or not kind.paper.signed:
        return ()
    if organisation is not None:
        party = data.by_organisation.get(organisation)
        return () if party is None else (party,)
    if kind.paper.template is Template.CONSORTIUM_AGREEMENT:
        return data.parties
    return tuple(party for party in data.parties if party.organisation == data.lead)


def consented(data: PaperData, organisation: int) -> bool:
    """Whether an organisation has given every required consent."""
    party = data.by_organisation.get(organisation)
    own = data.consents.get(party.member, {}) if party is not None else {}
    return all(kind.id in own and own[kind.id].given for kind in CONSENTS if kind.required)


def pledged_amount(data: PaperData, kind: DocumentKind, organisation: int) -> int:
    """Won that an organisation's pledge of money names: everything of the source where it alone pledges, else its own cells."""
    text, party = kind.paper, data.by_organisation.get(organisation)
    if text is None or party is None:
        return 0
    return sum(cell.amount for cell in statements.pledged(data, kind, text, party))


def paper_for(
    data: PaperData,
    kind: DocumentKind | str,
    organisation: int | None = None,
    signed: Mapping[int, Signed] | None = None,
    *,
    at: datetime | None = None,
    language: Language = "ko",
) -> Paper:
    """A generated document as a paper. `organisation` is the id of the one it speaks of, None for one that is written once for all.

    `signed` holds signatures by the signer's organisation id; who is not in it has an empty place. `at` is the document's date,
    the application's last change when missing; it is no part of the content. Raises KeyError for a kind that Gongmo does not
    write or an organisation that is not in the consortium.
    """
    document = data.definition.document(kind) if isinstance(kind, str) else kind
    text = document.paper
    if text is None:
        raise KeyError(document.id)
    tongue = Tongue(language)
    if text.template in FOR_ALL:
        blocks = FOR_ALL[text.template](data, text, tongue)
        whose = ""
        organisation = None
    else:
        party = data.by_organisation[organisation if organisation is not None else -1]
        blocks = PER_ORGANISATION[text.template](data, document, text, party, tongue)
        whose = party.name
    lines = tuple(
        SignatureLine(
            party.name,
            party.representative_title,
            party.representative_name,
            (signed or {}).get(party.organisation),
        )
        for party in signers(data, document, organisation)
    )
    if lines:
        blocks += (
            Signatures(
                lines,
                seal=tongue.t("(서명 또는 인)", "(signature or seal)"),
                on=tongue.t("20      년      월      일", "Date: ______________"),
                labels=(
                    tongue.t("기관", "Organisation"),
                    tongue.t("직위", "Title"),
                    tongue.t("성명", "Name"),
                    tongue.t("서명 또는 인", "Signature or seal"),
                    tongue.t("날짜", "Date"),
                ),
            ),
        )
    return Paper(
        title=tongue.say(document.name),
        subtitle=whose,
        number=tongue.t(
            f"제출서류 {document.number} · 신청 {code_of(data.application)}",
            f"Document {document.number} · application {code_of(data.application)}",
        ),
        running=tongue.say(data.definition.title),
        footer=tongue.t("신청서에 적은 내용으로 작성했습니다.", "Written from what the application says."),
        language=language,
        author=data.by_organisation[data.lead].name if data.lead in data.by_organisation else "",
        at=at or data.changed_at,
        blocks=(*blocks, *addressee(data, text, tongue)),
    )
