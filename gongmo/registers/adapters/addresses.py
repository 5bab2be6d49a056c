"""Road name addresses (도로명주소): a search, for the look-up button of an organisation's profile."""

import re
from dataclasses import dataclass

from gongmo.registers.config import Configuration, Service
from gongmo.registers.http import fetch
from gongmo.registers.protocol import read
from gongmo.registers.trouble import Down, Trouble

_UNWANTED = re.compile(r"[%=><\[\]]")
"""Signs that the service refuses in a keyword."""
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Place:
    """An address that was found."""

    road: str
    lot: str
    zip_code: str


def search(
    configuration: Configuration, service: Service, keyword: str, *, rows: int = 10
) -> tuple[list[Place], int]:
    """The first addresses for a keyword, and how many there are in all. Raises Down."""
    query = {
        "confmKey": service.key,
        "currentPage": "1",
        "countPerPage": str(rows),
        "keyword": _UNWANTED.sub(" ", keyword).strip()[:LONGEST],
        "resultType": "json",
    }
    found = read(fetch(configuration, service, "addrLinkApi.do", query)).get("results")
    if not isinstance(found, dict):
        raise Down(Trouble.UNREADABLE, "no results")
    places = [
        Place(str(row.get("roadAddr", "")), str(row.get("jibunAddr", "")), str(row.get("zipNo", "")))
        for row in found.get("juso") or []
        if isinstance(row, dict)
    ]
    total = str((found.get("common") or {}).get("totalCount", len(places)))
    return places, int(total) if total.isdecimal() else len(places)
