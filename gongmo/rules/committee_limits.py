"""The limits of a committee as rows: who counts, at least and at most how many. Solver, check and explanation read the same rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gongmo.definition.base import Text
from gongmo.rules.committee_values import BARS, SECTORS, Bar, Barred, Expert, Panel, Problem, Seat


class Kind(StrEnum):
    SIZE = "size"
    QUORUM = "quorum"
    SECTOR_LEAST = "sector_least"
    SECTOR_MOST = "sector_most"
    EXPERTISE = "expertise"
    ORGANISATION = "organisation"
    KEEP = "keep"
    RESERVES = "reserves"
    RESERVE_MIX = "reserve_mix"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class Row:
    """A limit: of the seats (on `panel`, or anywhere: 0) of these experts there are `least` to `most` (None: no most)."""

    kind: Kind
    panel: int
    detail: str
    experts: frozenset[str]
    least: int
    most: int | None
    reserve: bool | None
    """Which seats count: members (False), reserves (True), both (None)."""

    def counts(self, seat: Seat) -> bool:
        return (
            (self.panel in (0, seat.panel))
            and (self.reserve is None or self.reserve == seat.reserve)
            and seat.expert in self.experts
        )

    def off(self, has: int) -> int:
        """By how much a count is below (negative) or above (positive) the limit; 0: kept."""
        if has < self.least:
            return has - self.least
        return max(has - self.most, 0) if self.most is not None else 0


@dataclass(frozen=True, slots=True)
class Break:
    """A limit that is not kept: how many there are, by how many it is missed (negative: too few), and what to do."""

    kind: str
    panel: int
    detail: str
    has: int
    off: int
    text: Text


def why_not(problem: Problem, expert: Expert, panel: Panel) -> tuple[Barred, ...]:
    """What keeps an expert off a panel whatever the others are. Empty: nothing does."""
    limits = problem.limits
    found = list(expert.barred)
    if expert.sector not in limits.sectors:
        found.append(Barred(Bar.SECTOR, BARS[Bar.SECTOR]))
    if expert.sessions >= limits.yearly:
        found.append(
            Barred(
                Bar.LOAD,
                Text(
                    ko=f"올해 이미 {expert.sessions}회 평가했습니다. 한도는 {limits.yearly}회입니다.",
                    en=f"{expert.sessions} sessions this year already; the limit is {limits.yearly}.",
                ),
            )
        )
    against = [expert.against(each) for each in panel.applications]
    hit = [text for text in against if text is not None]
    if hit and (limits.whole_committee or len(hit) == len(panel.applications)):
        found.append(Barred(Bar.CONFLICT, hit[0]))
    return tuple(found)


def open_to(problem: Problem) -> dict[int, tuple[Expert, ...]]:
    """Who may sit on each panel."""
    return {
        panel.number: tuple(each for each in problem.experts if not why_not(problem, each, panel))
        for panel in problem.panels
    }


def rows(problem: Problem, available: dict[int, tuple[Expert, ...]]) -> list[Row]:
    """Every limit of a problem, over whom may sit."""
    limits = problem.limits
    made: list[Row] = []
    share = -(-limits.reserves // max(len(limits.sectors), 1))
    for panel in problem.panels:
        here = available[panel.number]
        everyone = frozenset(each.id for each in here)
        number = panel.number
        made.append(Row(Kind.SIZE, number, "", everyone, limits.size, limits.size, False))
        made.append(Row(Kind.RESERVES, number, "", everyone, limits.reserves, limits.reserves, True))
        for sector in limits.sectors:
            of = frozenset(each.id for each in here if each.sector == sector)
            least = (limits.at_least or {}).get(sector, 0)
            if least:
                made.append(Row(Kind.SECTOR_LEAST, number, sector, of, least, None, False))
            most = (limits.at_most or {}).get(sector)
            if most is not None:
                made.append(Row(Kind.SECTOR_MOST, number, sector, of, 0, most, False))
            if share and len(of) > share:
                made.append(Row(Kind.RESERVE_MIX, number, sector, of, 0, share, True))
        for word in limits.expertise:
            of = frozenset(each.id for each in here if word in each.knows)
            made.append(Row(Kind.EXPERTISE, number, word, of, 1, None, False))
        if limits.per_organisation is not None:
            made += _organisations(here, number, limits.per_organisation)
        for application in panel.applications:
            free = frozenset(each.id for each in here if each.against(application) is None)
            if len(free) < len(here):
                made.append(Row(Kind.QUORUM, number, application, free, limits.quorum, None, False))
        if limits.keep:
            of = frozenset(each.id for each in here if each.original)
            made.append(Row(Kind.KEEP, number, "", of, limits.keep, None, False))
    for expert in problem.experts:
        most = max(min(limits.panels_each, limits.yearly - expert.sessions), 0)
        made.append(Row(Kind.LOAD, 0, expert.id, frozenset({expert.id}), 0, most, None))
    return made


def _organisations(here: Sequence[Expert], number: int, most: int) -> Iterable[Row]:
    of: dict[str, set[str]] = {}
    for each in here:
        for organisation in each.organisations:
            of.setdefault(organisation, set()).add(each.id)
    for organisation, names in sorted(of.items()):
        if len(names) > most:
            yield Row(Kind.ORGANISATION, number, organisation, frozenset(names), 0, most, False)


def check(problem: Problem, seats: Sequence[Seat]) -> tuple[Break, ...]:
    """What a list of seats breaks: barred experts first, then every limit that is not kept. Empty: it may be fixed."""
    panels = {panel.number: panel for panel in problem.panels}
    experts = {each.id: each for each in problem.experts}
    found: list[Break] = []
    for seat in seats:
        if seat.expert not in experts or seat.panel not in panels:
            found.append(
                Break(
                    "unknown",
                    seat.panel,
                    seat.expert,
                    1,
                    1,
                    Text(
                        ko=f"{seat.expert}은(는) 후보단에 없습니다.", en=f"{seat.expert} is not in the pool."
                    ),
                )
            )
            continue
        for bar in why_not(problem, experts[seat.expert], panels[seat.panel]):
            found.append(
                Break(
                    f"barred_{bar.kind}",
                    seat.panel,
                    seat.expert,
                    1,
                    1,
                    Text(ko=f"{seat.expert}: {bar.text.ko}", en=f"{seat.expert}: {bar.text.en}"),
                )
            )
    available = dict.fromkeys(panels, problem.experts)
    for row in rows(problem, available):
        has = sum(row.counts(seat) for seat in seats)
        if off := row.off(has):
            found.append(Break(row.kind, row.panel, row.detail, has, off, told(problem, row, has)))
    for number in panels:
        chairs = [seat for seat in seats if seat.panel == number and seat.chair]
        if len(chairs) != 1 or chairs[0].reserve:
            found.append(
                Break(
                    "chair",
                    number,
                    "",
                    len(chairs),
                    len(chairs) - 1,
                    Text(
                        ko=f"{_of(problem, number)[0]}위원장은 위원 가운데 한 명이어야 합니다.",
                        en=f"{_of(problem, number)[1]}One of the members has to be the chair.",
                    ),
                )
            )
    return tuple(found)


def _of(problem: Problem, number: int) -> tuple[str, str]:
    return (f"{number}분과: ", f"Panel {number}: ") if number and len(problem.panels) > 1 else ("", "")


def told(problem: Problem, row: Row, has: int) -> Text:
    """A limit that is not kept, in words: what is wrong, by how much, what would mend it."""
    ko, en = _of(problem, row.panel)
    lack, over = max(row.least - has, 0), max(has - row.most, 0) if row.most is not None else 0
    name = SECTORS.get(row.detail, Text(ko=row.detail or "-", en=row.detail or "-"))
    match row.kind:
        case Kind.SIZE if lack:
            said = (
                f"위원이 {has}명으로 {row.least}명에 {lack}명 모자랍니다.",
                f"{has} members; {lack} short of {row.least}.",
            )
        case Kind.SIZE:
            said = (
                f"위원이 {has}명으로 {row.most}명보다 {over}명 많습니다.",
                f"{has} members; {over} above {row.most}.",
            )
        case Kind.RESERVES:
            said = (
                f"예비위원이 {has}명입니다. {row.least}명이어야 합니다.",
                f"{has} reserves; there have to be {row.least}.",
            )
        case Kind.SECTOR_LEAST:
            said = (
                f"{name.ko} 위원이 {has}명으로 최소 {row.least}명에 {lack}명 모자랍니다.",
                f"{has} members from {name.en}; {lack} short of the least, {row.least}.",
            )
        case Kind.SECTOR_MOST:
            said = (
                f"{name.ko} 위원이 {has}명으로 최대 {row.most}명보다 {over}명 많습니다.",
                f"{has} members from {name.en}; {over} above the most, {row.most}.",
            )
        case Kind.EXPERTISE:
            said = (f"‘{row.detail}’ 분야를 아는 위원이 없습니다.", f"No member knows “{row.detail}”.")
        case Kind.ORGANISATION:
            said = (
                f"같은 기관 위원이 {has}명입니다. {row.most}명까지 둘 수 있습니다.",
                f"{has} members of one organisation; {row.most} at most.",
            )
        case Kind.QUORUM:
            said = (
                f"신청 {row.detail}을(를) 평가할 위원이 {has}명으로 정족수 {row.least}명에 {lack}명 모자랍니다.",
                f"{has} may judge application {row.detail}; {lack} short of the quorum of {row.least}.",
            )
        case Kind.KEEP:
            said = (
                f"앞선 위원회의 위원이 {has}명입니다. {row.least}명 이상이어야 합니다.",
                f"{has} members of the earlier committee; at least {row.least} have to stay.",
            )
        case Kind.RESERVE_MIX:
            said = (
                f"예비위원 가운데 {name.ko}가 {has}명입니다. {row.most}명까지 두어 계열을 고르게 해 주세요.",
                f"{has} reserves from {name.en}; {row.most} at most keeps the mix.",
            )
        case _:
            said = (
                f"{row.detail}이(가) {has}곳에 앉습니다. {row.most}곳까지 앉을 수 있습니다.",
                f"{row.detail} sits {has} times; {row.most} at most.",
            )
    return Text(ko=ko + said[0], en=en + said[1])
