"""The application's own columns: title, region, summary, fields of support."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, ClassVar

from gongmo.applications.fields.base import Json, Kind, Place, UnknownField, require_length, text_of
from gongmo.applications.queries.regions import asks_region, eligible_regions
from gongmo.kernel.errors import BadInput

TITLE_LIMIT = 300
SUMMARY_LIMIT = 10_000


class _Own(Kind):
    """A column of the application itself."""

    column: ClassVar[str]

    def key(self, at: Place, rest: str) -> Hashable:
        if rest:
            raise UnknownField
        return self.column

    def read(self, at: Place, keys: Iterable[Any]) -> dict[Any, Json]:
        return {self.column: getattr(at.application, self.column)}

    def write(self, at: Place, values: Mapping[Any, Json]) -> None:
        setattr(at.application, self.column, values[self.column])
        at.columns.add(self.column)


class Title(_Own):
    """The project's title: one line, never empty."""

    column = "title"
    short = True

    def clean(self, at: Place, key: Any, value: Json) -> Json:
        return clean_title(value)


def clean_title(value: Json) -> str:
    """A title as it is stored. Raises BadInput where it is empty or too long."""
    title = text_of(value)
    if not title:
        raise BadInput(
            "title_missing", "사업명을 적어 주세요.", "Give the application a title.", field="title"
        )
    require_length("사업명은", "the title", title, TITLE_LIMIT, field="title")
    return title


class Region(_Own):
    """The code of the region that the application names, where the lead itself does not apply; "" where none is stored."""

    column = "region_id"
    short = True

    def key(self, at: Place, rest: str) -> Hashable:
        if not asks_region(at.definition):
            raise UnknownField
        return super().key(at, rest)

    def clean(self, at: Place, key: Any, value: Json) -> Json:
        code = text_of(value)
        # What stands may stay and come back: whether it may apply is the rules' to say.
        known = code and (
            code == at.application.region_id
            or any(code == each for each, _ in eligible_regions(at.definition))
        )
        if not known:
            raise BadInput(
                "region_unknown",
                "신청할 수 있는 지역 가운데에서 골라 주세요.",
                "Choose one of the regions that may apply.",
                field="region",
            )
        return code

    def read(self, at: Place, keys: Iterable[Any]) -> dict[Any, Json]:
        return {self.column: at.application.region_id or ""}


class Summary(_Own):
    """The summary: running text."""

    column = "summary"

    def clean(self, at: Place, key: Any, value: Json) -> Json:
        summary = text_of(value, lines=True)
        require_length("개요는", "the summary", summary, SUMMARY_LIMIT, field="summary")
        return summary


class Fields(_Own):
    """The fields of support, in the call's order."""

    column = "fields"
    short = True

    def clean(self, at: Place, key: Any, value: Json) -> Json:
        known = [item.id for item in at.definition.fields]
        given = value if isinstance(value, list) else [value]
        strange = [name for name in given if name not in known]
        if strange:
            raise BadInput(
                "field_unknown",
                "지원 분야를 다시 골라 주세요.",
                "Choose the fields of support again.",
                field="fields",
                details={"unknown": [str(name)[:80] for name in strange[:10]]},
            )
        return [name for name in known if name in given]
