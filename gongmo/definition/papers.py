"""What a call says about the documents that Gongmo writes itself: which content, and the sentences of pledges and agreements."""

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from gongmo.definition.base import Based, Identifier, Model, Text

PLACES = frozenset(
    {
        "title",
        "call",
        "operator",
        "organisation",
        "role",
        "applicant",
        "lead",
        "region",
        "starts",
        "ends",
        "amount",
        "amount_words",
    }
)
"""Names that sentences may hold in braces; the application's own values stand there on the page."""
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


class Template(StrEnum):
    """The built-in contents of generated documents."""

    APPLICATION_FORM = "application_form"
    CONSORTIUM_AGREEMENT = "consortium_agreement"
    INTENT = "intent"
    SELF_CHECK = "self_check"
    LOCAL_PLEDGE = "local_pledge"
    ASSET_PLAN = "asset_plan"
    CONSENT = "consent"


def _known_places(text: Text) -> None:
    for said in (text.ko, text.en):
        for found in _BRACES.finditer(said):
            if found.group(1) not in PLACES:
                raise ValueError(
                    f"‘{found.group()}’은(는) 쓸 수 없는 자리입니다. 쓸 수 있는 이름: {', '.join(sorted(PLACES))}"
                    f" / “{found.group()}” is no known place. Known: {', '.join(sorted(PLACES))}"
                )


class Article(Model):
    """An article of a document: its title and its paragraphs, or a table of keys and values in `facts`."""

    title: Text
    paragraphs: tuple[Text, ...] = ()
    facts: tuple[tuple[Text, Text], ...] = ()
    consent: Identifier | None = None
    """Of a consent's document: the consent of which this article tells (purpose, items, how long)."""


class PaperText(Based):
    """The words of a generated document. What the application itself says (names, money, answers) is not repeated here.

    Sentences may hold the application's own values in braces: {title}, {call}, {operator}, {organisation}, {role}, {applicant},
    {lead}, {region}, {starts}, {ends}, and in a pledge of money {amount} and {amount_words}.
    """

    template: Template
    opening: tuple[Text, ...] = ()
    articles: tuple[Article, ...] = ()
    closing: tuple[Text, ...] = ()
    addressee: Text | None = None
    """To whom the document is written, in large letters at its end."""
    source: Identifier | None = None
    """Of a pledge of money: the source of the budget that is pledged."""
    signed: Annotated[bool, Field(description="Whether somebody signs or seals it.")] = True

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.template is Template.LOCAL_PLEDGE) != (self.source is not None):
            raise ValueError(
                "source는 local_pledge에만, 그리고 반드시 적어 주세요 / source belongs to local_pledge, and it needs one"
            )
        texts = [*self.opening, *self.closing, *([self.addressee] if self.addressee else [])]
        for article in self.articles:
            texts += [article.title, *article.paragraphs]
            texts += [text for pair in article.facts for text in pair]
        for text in texts:
            _known_places(text)
        return self
