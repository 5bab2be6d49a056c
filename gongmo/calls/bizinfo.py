"""Calls in the shape of 기업마당's listing (bizinfo.go.kr, /uss/rss/bizinfoApi.do with dataType=json), so that sites which read that one read ours.

The answer is {"jsonArray": [item, ...]}. An item's keys are that listing's; texts are escaped, for its readers put them into pages as they are.
What Gongmo does not know (the number of readings, the listing's own classes) is left out or "기타". Paging: pageIndex from 1 and pageUnit, or
searchCnt alone; `hashtags` (with commas) must all fit; beside them stand the filters of our own list.
"""

import json
from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from gongmo.calls import search
from gongmo.calls.cards import folded, items_of
from gongmo.calls.models import Call
from gongmo.calls.search import NAMES, Wanted
from gongmo.definition.base import OrganisationKind
from gongmo.definition.wording import KINDS
from gongmo.kernel.actor import PUBLIC
from gongmo.kernel.clock import SEOUL
from gongmo.parties.queries import region_table

MOST = 500
"""Items of one answer, at most (as there)."""
USUAL = 20
UNCLASSIFIED = "기타"


def listing_names() -> tuple[str, ...]:
    """The parameters that are read."""
    return (*(name for name in NAMES if name != "page"), "pageIndex", "pageUnit", "searchCnt", "hashtags")


def wanted_of(given: QueryDict) -> tuple[Wanted, int, int, list[str]]:
    """The filters, the first item's place, how many, and the tags that must fit."""
    count = _number(given.get("pageUnit") or given.get("searchCnt"), USUAL, MOST)
    page = _number(given.get("pageIndex"), 1, search.FARTHEST)
    tags = [tag for tag in given.get("hashtags", "")[: search.LETTERS].split(",") if folded(tag)]
    return (
        Wanted.read({name: str(given.get(name, "")) for name in NAMES if name != "page"}),
        (page - 1) * count,
        count,
        tags,
    )


def _number(text: str | None, usual: int, most: int) -> int:
    text = text or ""
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        return usual
    return min(max(1, int(text)), most)


def listing(
    wanted: Wanted, first: int, count: int, tags: list[str], now: datetime, absolute: Callable[[str], str]
) -> str:
    """The answer's text. Three statements, with tags and all."""
    calls = search.matching(PUBLIC, wanted).filter(search.in_state(wanted.state, now))
    names = {code: region.name.ko for code, region in region_table().regions.items()}
    for tag in tags[: search.WORDS]:
        code = next((code for code, name in names.items() if tag.strip() in (name, short(name))), "")
        if code:
            calls = search.matching(PUBLIC, Wanted(region=code)).filter(pk__in=calls.order_by().values("pk"))
        else:
            calls = calls.filter(card__search__contains=folded(tag))
    total = calls.count()
    rows = search.ordered(calls, wanted.sort, now)[first : first + count]
    items = [_item(call, total, names, absolute) for call in rows]
    text = json.dumps({"jsonArray": items}, ensure_ascii=False, separators=(",", ":"))
    # Safe inside a page's script element, too.
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def short(region: str) -> str:
    """The region as tags there name it: 경상남도 → 경남, 부산광역시 → 부산, 강원특별자치도 → 강원."""
    for whole, brief in (("충청", "충"), ("전라", "전"), ("경상", "경")):
        if region.startswith(whole) and len(region) == 4:
            return brief + region[2]
    for end in ("특별자치시", "특별자치도", "통합특별시", "광역시", "특별시", "도"):
        if region.endswith(end):
            return region.removesuffix(end)
    return region


def _item(call: Call, total: int, names: dict[str, str], absolute: Callable[[str], str]) -> dict[str, Any]:
    card = call.card
    regions = [short(names.get(code, code)) for code in items_of(card.regions)] or ["전국"]
    kinds = [KINDS[OrganisationKind(kind)].ko for kind in items_of(card.kinds)]
    tags = [
        f"{call.published_at.astimezone(SEOUL):%Y}",
        *items_of(card.supports),
        *regions,
        *items_of(card.offices),
    ]
    page = absolute(reverse("calls:call", args=[call.slug]))
    name = call.title_ko
    version = call.version
    return {
        "pblancId": f"PBLN_{call.pk:015d}",
        "pblancNm": escape(name),
        "pblancUrl": page,
        "jrsdInsttNm": escape(card.ministry or call.operator.name),
        "excInsttNm": escape(call.operator.name),
        "bsnsSumryCn": f"<p>{escape(card.purpose_ko)}</p>",
        "pldirSportRealmLclasCodeNm": UNCLASSIFIED,
        "trgetNm": escape(",".join(kinds)),
        "reqstBeginEndDe": f"{_day(call.opens_at)} ~ {_day(call.closes_at)}",
        "reqstMthPapersCn": escape(", ".join(["온라인 접수", *items_of(card.channels)])),
        "rceptEngnHmpgUrl": page,
        "refrncNm": escape(card.contact),
        "hashtags": escape(",".join(dict.fromkeys(tags))),
        "printFlpthNm": absolute(reverse("calls:pdf", args=[call.slug])),
        "printFileNm": f"{call.slug}.pdf",
        "flpthNm": absolute(reverse("calls:hwpx", args=[call.slug])),
        "fileNm": f"{call.slug}.hwpx",
        "creatPnttm": _instant(call.published_at),
        "updtPnttm": _instant(version.published_at if version else call.published_at),
        "totCnt": total,
    }


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(SEOUL):%Y-%m-%d}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
