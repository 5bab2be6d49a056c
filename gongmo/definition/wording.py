"""Words and figures that every sentence about a definition is made of."""

from collections.abc import Iterable, Sequence

from gongmo.definition.base import Based, Form, OrganisationKind, Text
from gongmo.definition.model import Definition
from gongmo.kernel.korean import eok, won

KINDS = {
    OrganisationKind.METROPOLITAN_GOVERNMENT: Text(ko="광역지방자치단체", en="metropolitan government"),
    OrganisationKind.BASIC_GOVERNMENT: Text(ko="기초지방자치단체", en="basic local government"),
    OrganisationKind.REGIONAL_INNOVATION_AGENCY: Text(ko="지역혁신기관", en="regional innovation agency"),
    OrganisationKind.UNIVERSITY: Text(ko="대학", en="university"),
    OrganisationKind.RESEARCH_INSTITUTE: Text(ko="연구기관", en="research institute"),
    OrganisationKind.COMPANY: Text(ko="기업", en="company"),
    OrganisationKind.PUBLIC_INSTITUTION: Text(ko="공공기관", en="public institution"),
    OrganisationKind.ASSOCIATION: Text(ko="협회·단체", en="association"),
    OrganisationKind.OTHER: Text(ko="그 밖의 기관", en="other organisation"),
}
FORMS = {Form.CASH: Text(ko="현금", en="cash"), Form.IN_KIND: Text(ko="현물", en="in kind")}
PER = {
    "total": Text(ko="사업기간 전체", en="over the whole period"),
    "year": Text(ko="해마다", en="each year"),
    "organisation": Text(ko="기관마다", en="for each organisation"),
}
DEFAULT_MARK = Text(ko="기본값(조항 아님)", en="default (no clause)")


def amount(value: int) -> Text:
    """1200000000 → "1,200,000,000원(12억)", "1,200,000,000 won"."""
    return Text(ko=f"{won(value)}({eok(value)})" if value >= 10_000 else won(value), en=f"{value:,} won")


def ground(based: Based) -> Text:
    """The clause ("A-8"), or the mark of a default."""
    return DEFAULT_MARK if based.clause is None else Text(ko=based.clause, en=based.clause)


def join(texts: Iterable[Text], ko: str = ", ", en: str = ", ") -> Text | None:
    """Several texts as one, None where there are none."""
    found = list(texts)
    return Text(ko=ko.join(t.ko for t in found), en=en.join(t.en for t in found)) if found else None


def name_of(items: Iterable[tuple[str, Text]], wanted: str) -> Text:
    """The name of an identifier, or the identifier itself."""
    return next((name for key, name in items if key == wanted), Text(ko=wanted, en=wanted))


def role_name(call: Definition, role: str) -> Text:
    """A role's name in this call."""
    return name_of(((item.id, item.name) for item in call.consortium.roles), role)


def source_name(call: Definition, source: str) -> Text:
    """A money source's name in this call."""
    return name_of(((item.id, item.name) for item in call.budget.sources), source)


def category_names(call: Definition, categories: Sequence[str]) -> Text:
    """Several budget categories as one text."""
    known = [(item.id, item.name) for item in call.budget.categories]
    names = [name_of(known, category) for category in categories]
    return Text(ko="·".join(name.ko for name in names), en=" or ".join(name.en for name in names))


def role_names(call: Definition, roles: Sequence[str]) -> Text:
    """Several roles as one text."""
    return Text(
        ko="·".join(role_name(call, role).ko for role in roles),
        en=" or ".join(role_name(call, role).en for role in roles),
    )
