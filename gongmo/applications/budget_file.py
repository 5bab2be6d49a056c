"""The budget as a spreadsheet file: names that people know, amounts as values, the rules' verdicts beside it."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from gongmo.applications.presentation import columns
from gongmo.definition.application import Application
from gongmo.definition.model import Definition
from gongmo.kernel import sheets
from gongmo.rules.finding import Finding, Status

SHEET = "사업비"
KEYS = ("기관", "연도", "분야", "비목")
DIRECT, TOTAL, ROW_KEY = "직접지원", "계", "줄 표시(고치지 마세요)"


def table(
    definition: Definition, value: Application, organisations: frozenset[str] | None = None
) -> tuple[list[str], list[list[sheets.Cell]]]:
    """Heads and rows of the budget, of some organisations when given. The last column tells which row it is."""
    shown = columns(definition, value.budget)
    with_direct = definition.budget.direct_support is not None
    names = {item.id: item.name for item in value.organisations}
    fields = {item.id: item.name.ko for item in definition.fields}
    categories = {item.id: item.name.ko for item in definition.budget.categories}
    places = {(column.source, column.form): place for place, column in enumerate(shown)}
    rows: dict[tuple[str, int, str, str, bool], list[int]] = {}
    for cell in value.budget:
        if organisations is None or cell.organisation in organisations:
            key = (cell.organisation, cell.year, cell.field, cell.category, cell.direct_support)
            amounts = rows.setdefault(key, [0] * len(shown))
            amounts[places[(cell.source, cell.form.value)]] += cell.amount
    order = {key: place for place, key in enumerate(names)}
    lines: list[list[sheets.Cell]] = []
    for key in sorted(rows, key=lambda item: (order.get(item[0], len(order)), item[1])):
        organisation, year, field, category, direct = key
        lines.append(
            [
                names.get(organisation, organisation),
                year,
                fields.get(field, field),
                categories.get(category, category),
                *(["예" if direct else ""] if with_direct else []),
                *rows[key],
                sum(rows[key]),
                "/".join([organisation, str(year), field, category, str(int(direct))]),
            ]
        )
    heads = [*KEYS, *([DIRECT] if with_direct else []), *(column.name.ko for column in shown), TOTAL, ROW_KEY]
    return heads, lines


def to_xlsx(
    definition: Definition,
    value: Application,
    findings: Iterable[Finding],
    organisations: frozenset[str] | None = None,
) -> bytes:
    """An XLSX file: the budget, sums by organisation, the rules' verdicts, how to fill it in. Amounts are values, text is text."""
    from openpyxl import Workbook

    heads, lines = table(definition, value, organisations)
    book = Workbook(write_only=True)
    _sheet(book, SHEET, heads, lines, hidden=len(heads))
    _sheet(book, "기관별 합계", *_sums(heads, lines))
    _sheet(
        book,
        "규칙 확인",
        ["판정", "조항", "규칙", "지금", "기준", "설명", "고치는 방법"],
        [
            [
                _VERDICTS[finding.status],
                finding.clause or "기본값(조항 아님)",
                finding.title.ko,
                finding.observed.ko,
                finding.required.ko,
                finding.message.ko,
                finding.remedy.ko if finding.remedy and finding.status is not Status.PASS else "",
            ]
            for finding in findings
        ],
    )
    _sheet(book, "적는 법", ["구분", "쓸 수 있는 값"], _guide(definition, value, organisations))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_csv(definition: Definition, value: Application, organisations: frozenset[str] | None = None) -> bytes:
    """The budget alone as CSV that Korean spreadsheet programs open."""
    return sheets.to_csv(*table(definition, value, organisations))


_VERDICTS = {
    Status.PASS: "충족",
    Status.FAIL: "어긋남",
    Status.UNKNOWN: "확인 필요",
    Status.NOT_APPLICABLE: "해당 없음",
}


def _sums(
    heads: Sequence[str], lines: Iterable[Sequence[sheets.Cell]]
) -> tuple[list[str], list[list[sheets.Cell]]]:
    first = len(KEYS) + (DIRECT in heads)
    sums: dict[str, list[int]] = {}
    width = len(heads) - first - 1
    total = [0] * width
    for line in lines:
        row = sums.setdefault(str(line[-1]).split("/")[0] + "\n" + str(line[0]), [0] * width)
        for place in range(width):
            amount = line[first + place]
            if isinstance(amount, int):
                row[place] += amount
                total[place] += amount
    rows: list[list[sheets.Cell]] = [[name.split("\n", 1)[1], *row] for name, row in sums.items()]
    return ["기관", *heads[first:-1]], [*rows, ["합계", *total]]


def _guide(
    definition: Definition, value: Application, organisations: frozenset[str] | None
) -> list[list[sheets.Cell]]:
    names = [item.name for item in value.organisations if organisations is None or item.id in organisations]
    rows: list[list[sheets.Cell]] = [
        [
            "줄 더하기",
            "맨 아래에 기관·연도·분야·비목과 금액을 적으면 새 줄이 됩니다. 마지막 열은 비워 둡니다.",
        ],
        ["줄 빼기", "금액을 모두 0으로 적습니다. 파일에서 줄을 지우면 그 줄은 바뀌지 않습니다."],
        ["금액", "원 단위 정수로 적습니다. 수식은 값으로 바꾸어 붙여 넣습니다."],
    ]
    if definition.budget.direct_support is not None:
        rows.append([DIRECT, "예 또는 빈칸"])
    rows += [["연도", str(year.year)] for year in definition.budget.years]
    rows += [["분야", item.name.ko] for item in definition.fields]
    rows += [["비목", item.name.ko] for item in definition.budget.categories]
    rows += [["기관", name] for name in names]
    return rows


def _sheet(
    book: Any, title: str, heads: Sequence[str], lines: Sequence[Sequence[sheets.Cell]], *, hidden: int = 0
) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, head in enumerate(heads, 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        texts = [
            head,
            *(
                f"{line[place - 1]:,}" if isinstance(line[place - 1], int) else str(line[place - 1])
                for line in lines[:300]
            ),
        ]
        column.width = min(60, 3 + max(sum(2 if each > "ᄀ" else 1 for each in text) for text in texts))
        column.hidden = place == hidden

    def cell(value: sheets.Cell, head: bool = False) -> Any:
        made = sheets.text_cell(sheet, value) if isinstance(value, str) else WriteOnlyCell(sheet, value=value)
        if isinstance(value, int) and abs(value) > 9999:
            made.number_format = "#,##0"
        if head:
            made.font = Font(bold=True)
            made.fill = PatternFill("solid", fgColor="EEF2F7")
            made.alignment = Alignment(horizontal="center")
        return made

    sheet.append([cell(head, head=True) for head in heads])
    for line in lines:
        sheet.append([cell(value) for value in line])
