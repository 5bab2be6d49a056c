"""What must always hold of the record."""

from collections.abc import Iterable

from django.db import connection

from gongmo.kernel.invariants import Broken, invariant
from gongmo.ledger import guards, queries, rows


@invariant(
    "ledger.chain",
    ko="기록은 처음부터 끝까지 이어져 있고, 적힌 내용과 해시가 맞습니다.",
    en="The record is one unbroken chain, and what is written matches its hashes.",
)
def chain_holds() -> Iterable[Broken]:
    return queries.broken_chain()


@invariant(
    "ledger.checkpoints",
    ko="서명된 확인점마다 그때까지의 기록과 뿌리 해시와 서명이 맞습니다.",
    en="Every signed checkpoint matches the record up to it.",
)
def checkpoints_hold() -> Iterable[Broken]:
    return queries.broken_checkpoints()


@invariant(
    "ledger.guards",
    ko="데이터베이스가 기록의 수정과 삭제를 막고 있습니다.",
    en="The database refuses to change or delete the record.",
)
def guards_stand() -> Iterable[Broken]:
    missing = guards.wanted(connection) - guards.installed(connection)
    return [Broken(name, "missing", "a trigger in the database") for name in sorted(missing)]


@invariant(
    "ledger.rows",
    ko="저장된 행은 모두 기록된 처리 결과 그대로입니다. 손으로 고친 행이 없습니다.",
    en="Every row is as the recorded acts left it; no hand has changed one.",
)
def rows_as_recorded() -> Iterable[Broken]:
    return [Broken(*difference) for difference in rows.differences(queries.row_seals())]
