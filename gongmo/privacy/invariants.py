"""What must always hold of the access log."""

from collections.abc import Iterable

from django.db import connection

from gongmo.kernel.invariants import Broken, invariant
from gongmo.privacy import chain, guards, keys, rotation


@invariant(
    "privacy.access_chain",
    ko="접속기록은 처음부터 끝까지 이어져 있고, 기록에 남긴 해시와 맞습니다.",
    en="The access log is one unbroken chain and matches the hashes in the record.",
)
def chain_holds() -> Iterable[Broken]:
    return chain.broken()


@invariant(
    "privacy.access_guards",
    ko="데이터베이스가 접속기록의 수정과 이른 삭제를 막고 있습니다.",
    en="The database refuses to change the access log or to delete it early.",
)
def guards_stand() -> Iterable[Broken]:
    return [
        Broken(name, "missing", "a trigger in the database") for name in sorted(guards.missing(connection))
    ]


@invariant(
    "privacy.encrypted",
    ko="암호화하기로 한 값은 모두 암호화되어 있고, 그 열쇠가 있습니다. 아니면 gongmo keys rotate를 실행해 주세요.",
    en="Every value that is to be encrypted is, by a key that is there. Otherwise run `gongmo keys rotate`.",
)
def values_are_encrypted() -> Iterable[Broken]:
    known = set(keys.keyring(anew=True).ids)
    for place, counted in rotation.census().items():
        for key, number in counted.items():
            if key not in known:
                yield Broken(
                    place,
                    f"{number} values closed by {key or 'no key'}",
                    f"one of {', '.join(sorted(known))}",
                )
