"""How a paper says things: its language, its figures, and the sentences of the definition with the application's values in them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gongmo.applications.papers.data import PaperData, Party
from gongmo.definition.base import Form, Text
from gongmo.definition.papers import Article
from gongmo.kernel import korean
from gongmo.papers import Block, Facts, Heading, Items, Language, Paragraph
from gongmo.papers.words import won_in_words
from gongmo.parties.words import KINDS
from gongmo.rules.values import FORM_NAMES

_PLACE = re.compile(r"\{(\w+)\}(은\(는\)|이\(가\)|을\(를\)|와\(과\)|\(으\)로)?")
BLANK = "–"


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of a paper."""

    language: Language = "ko"

    def t(self, ko: str, en: str) -> str:
        """One of two sentences."""
        return ko if self.language == "ko" else en

    def say(self, text: Text | None) -> str:
        """A text in the paper's language; "–" for none."""
        return BLANK if text is None else self.t(text.ko, text.en)

    def won(self, amount: int) -> str:
        """ "1,000원"."""
        return self.t(korean.won(amount), f"{amount:,} won")

    def won_read(self, amount: int) -> str:
        """Won with its reading aid: "14,000,000,000원 (140억)"."""
        aid = self.language == "ko" and abs(amount) >= 10**4
        return f"{self.won(amount)} ({korean.eok(amount)}원)" if aid else self.won(amount)

    def day(self, day: date | datetime | None) -> str:
        """ "2030. 2. 10."; "–" for none."""
        return BLANK if day is None else korean.day(day)

    def unit(self) -> str:
        """The note over a table of money."""
        return self.t("단위: 원", "in Korean won")

    def form(self, form: str) -> str:
        """Cash or in kind."""
        return self.t(*FORM_NAMES[Form(form)])

    def kind(self, party: Party) -> str:
        """What an organisation is."""
        return next((self.say(text) for kind, text in KINDS.items() if kind.value == party.kind), party.kind)


def figure(value: Decimal | None) -> str:
    """An indicator's value without needless zeros: "12.5", "1,200"; "–" for none."""
    if value is None:
        return BLANK
    bare = value.normalize()
    return f"{bare.quantize(Decimal(1)) if bare == bare.to_integral_value() else bare:,f}"


def business_number(digits: str) -> str:
    """ "1248100998" → "124-81-00998"; "–" for none."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else digits or BLANK


def corporate_number(digits: str) -> str:
    """ "1301110006246" → "130111-0006246"; "–" for none."""
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 13 else digits or BLANK


def head_of(party: Party) -> str:
    """An organisation's head as far as its profile tells: "원장 김담당"."""
    return " ".join(part for part in (party.representative_title, party.representative_name) if part) or BLANK


def role_name(data: PaperData, tongue: Tongue, role: str) -> str:
    """A role's name in the call."""
    return next((tongue.say(item.name) for item in data.definition.consortium.roles if item.id == role), role)


def places(
    data: PaperData, tongue: Tongue, party: Party | None, amount: int | None = None
) -> Mapping[str, str]:
    """What stands in the braces of the definition's sentences (`definition.papers.PLACES`)."""
    lead = data.by_organisation.get(data.lead)
    applicant = data.applicant
    budget = data.definition.budget
    return {
        "title": data.title,
        "call": tongue.say(data.definition.title),
        "operator": data.operator,
        "organisation": party.name if party else BLANK,
        "role": role_name(data, tongue, party.role) if party else BLANK,
        "applicant": applicant.name if applicant else BLANK,
        "lead": lead.name if lead else BLANK,
        "region": tongue.say(data.region),
        "starts": tongue.day(budget.period_starts),
        "ends": tongue.day(budget.period_ends),
        "amount": BLANK if amount is None else tongue.won(amount),
        "amount_words": BLANK if amount is None else won_in_words(amount),
    }


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """A sentence with its values; a Korean particle in both shapes behind a value becomes the right one."""

    def put(found: re.Match[str]) -> str:
        value = values.get(found.group(1), found.group())
        pair = korean.PARTICLES.get(found.group(2) or "")
        return value if pair is None else korean.particle(value, *pair)

    return _PLACE.sub(put, sentence)


def sentences(texts: Iterable[Text], tongue: Tongue, values: Mapping[str, str]) -> tuple[Paragraph, ...]:
    """Paragraphs of the definition's sentences."""
    return tuple(Paragraph(filled(tongue.say(text), values)) for text in texts)


def articles(
    found: Iterable[Article], tongue: Tongue, values: Mapping[str, str], *, numbered: bool
) -> tuple[Block, ...]:
    """Articles under their headings, as "제1조 (목적)" where numbered."""
    blocks: list[Block] = []
    for number, article in enumerate(found, 1):
        title = filled(tongue.say(article.title), values)
        head = tongue.t(f"제{number}조 ({title})", f"Article {number} ({title})") if numbered else title
        blocks.append(Heading(head))
        said = [filled(tongue.say(text), values) for text in article.paragraphs]
        if len(said) == 1:
            blocks.append(Paragraph(said[0]))
        elif said:
            blocks.append(Items(tuple(said), ordered=True))
        if article.facts:
            blocks.append(
                Facts(
                    tuple(
                        (filled(tongue.say(key), values), filled(tongue.say(value), values))
                        for key, value in article.facts
                    )
                )
            )
    return tuple(blocks)
