"""The consortium as a spreadsheet file: out, a template to fill in, and the rows that were read (member_reader) on their way through a form."""

import io
import json
from collections.abc import Iterable
from typing import Any

from gongmo.applications.commands.importing import MOST, MemberInput
from gongmo.applications.member_reader import (
    EMAIL,
    HEADS,
    KIND,
    NAME,
    NUMBER,
    REGION,
    ROLE,
    SHEET,
    Taken,
    roles_by_name,
)
from gongmo.applications.queries.members import MemberRow
from gongmo.definition.base import OrganisationKind
from gongmo.definition.model import Definition
from gongmo.kernel import sheets
from gongmo.kernel.errors import BadInput
from gongmo.rules.consortium import KINDS


def template(definition: Definition, regions: Iterable[str]) -> bytes:
    """An XLSX file to fill in: the heads, and what may stand in each column."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    page: Any = book.active
    page.title = SHEET
    page.append(list(HEADS))
    roles = roles_by_name(definition)
    for column, width in zip("ABCDEF", (32, 18, 18, 20, 18, 32), strict=True):
        page.column_dimensions[column].width = width
        page[f"{column}1"].font = Font(bold=True)
        # Texts, so that numbers keep their leading zeros.
        for row in range(2, MOST + 2):
            page[f"{column}{row}"].number_format = "@"
    page.freeze_panes = "A2"
    guide: Any = book.create_sheet("적는 법")
    rows = [
        (NAME, "기관의 이름. 등록된 기관은 등록된 이름으로 보입니다."),
        (NUMBER, "10자리. 하이픈은 있어도 없어도 됩니다."),
        *((ROLE, name) for name in roles),
        *((KIND, text.ko) for text in KINDS.values()),
        *((REGION, name) for name in regions),
        (EMAIL, "아직 등록되지 않은 기관은 반드시 적습니다. 이 주소로 등록하고 참여하는 링크를 보냅니다."),
        (
            "종류와 지역",
            "비워 두어도 됩니다. 공고의 조건에 맞는지 미리 확인하는 데에만 쓰고 저장하지 않습니다.",
        ),
    ]
    for head, text in rows:
        guide.append([head, text])
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 20, 80
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def export(definition: Definition, rows: Iterable[MemberRow], form: str) -> bytes:
    """The members' table as XLSX or CSV: names as text that no program takes for a formula."""
    heads = [
        "기관",
        "사업자등록번호",
        "역할",
        "종류",
        "참여",
        "답한 자가점검",
        "자가점검",
        "남은 동의",
        "남은 서류",
        "남은 서명",
        "사업비(원)",
        "마지막으로 알린 때",
    ]
    names = {role.id: role.name.ko for role in definition.consortium.roles}
    lines: list[list[sheets.Cell]] = [
        [
            row.member.organisation.name,
            row.member.organisation.business_number or "",
            names.get(row.member.role, row.member.role),
            KINDS[OrganisationKind(row.member.organisation.kind)].ko,
            row.shown.ko,
            row.answered[0],
            row.answered[1],
            ", ".join(name.ko for name in row.consents),
            ", ".join(name.ko for name in row.documents),
            ", ".join(name.ko for name in row.signatures),
            row.money,
            row.reminded_at,
        ]
        for row in rows
    ]
    return sheets.to_csv(heads, lines) if form == "csv" else sheets.to_xlsx(SHEET, heads, lines)


def packed(rows: Iterable[Taken]) -> str:
    """The rows as compact JSON for a form's hidden field."""
    return json.dumps(
        [[r.row.row, r.row.name, r.row.business_number, r.row.role, r.row.email] for r in rows],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def unpacked(text: str) -> list[MemberInput]:
    """What `packed` made, come back from a browser; the command judges every row again. Raises BadInput."""
    try:
        found = json.loads(text)
        rows = [MemberInput(_is(row[0], int), *(_is(part, str)[:300] for part in row[1:5])) for row in found]
    except (ValueError, TypeError, IndexError, KeyError, RecursionError) as error:
        raise BadInput(
            "rows_unreadable",
            "목록을 읽을 수 없습니다. 파일을 다시 올려 주세요.",
            "The list cannot be read. Upload the file again.",
            field="file",
        ) from error
    return rows


def _is(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    str(value).encode()  # Half a letter (ValueError) can be neither stored nor shown.
    return value
