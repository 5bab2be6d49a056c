"""What holds the data: the database's settings, its tables, the storage."""

import os
import secrets
from collections.abc import Iterator
from hashlib import sha256

from django.conf import settings
from django.db import DatabaseError, connection

from gongmo.migrating import too_new
from gongmo.operation import probes
from gongmo.operation.deploy.findings import Finding, check, good, look, mend

OLDEST = 140000
"""PostgreSQL 14."""
_CONFIRM = (
    "PostgreSQL 설정을 바꾸고 다시 읽게 해 주세요: {}",
    "Change PostgreSQL's settings and reload them: {}",
)


@check("database", "데이터베이스", "Database")
def database() -> Iterator[Finding]:
    """That it answers, and that what it says is kept stays kept through a power cut."""
    seconds = probes.database_seconds()
    if seconds is None:
        yield mend(
            "데이터베이스가 답하지 않습니다.",
            "The database does not answer.",
            todo=(
                "서버가 켜져 있는지, GONGMO_DATABASE_URL의 주소와 계정이 맞는지 확인해 주세요.",
                "See whether it runs and whether GONGMO_DATABASE_URL is right.",
            ),
            stops=True,
        )
        return
    if seconds > 0.05:
        yield look(
            f"데이터베이스가 {seconds * 1000:.0f} ms 만에 답합니다.",
            f"The database takes {seconds * 1000:.0f} ms to answer.",
            todo=(
                "같은 망, 가까운 곳에 두어 주세요. 화면 하나에 여덟 번까지 묻습니다.",
                "Put it near: a page asks up to eight times.",
            ),
        )
    yield from _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings")
        told = dict(cursor.fetchall())
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()"
        )
        encoding, collate, _ = cursor.fetchone()
        cursor.execute("SHOW transaction_isolation")
        isolation = cursor.fetchone()[0]
    version = int(told["server_version_num"])
    if version < OLDEST:
        yield mend(
            f"PostgreSQL {told['server_version']}은 너무 오래되었습니다.",
            f"PostgreSQL {told['server_version']} is too old.",
            todo=("14 이상으로 올려 주세요.", "Use 14 or newer."),
        )
    for name, ko, en in (
        ("fsync", "정전이 나면 자료를 잃을 수 있습니다", "a power cut may lose data"),
        ("full_page_writes", "정전이 나면 표가 깨질 수 있습니다", "a power cut may break tables"),
        (
            "synchronous_commit",
            "접수했다고 답한 것을 정전으로 잃을 수 있습니다",
            "a power cut may lose what was acknowledged",
        ),
    ):
        if told[name] == "off":
            yield mend(
                f"{name}이 꺼져 있습니다. {ko}.",
                f"{name} is off: {en}.",
                todo=(_CONFIRM[0].format(f"{name} = on"), _CONFIRM[1].format(f"{name} = on")),
            )
    if told["wal_level"] == "minimal":
        yield look(
            "wal_level이 minimal이라 어느 시점으로 되돌릴 수 없습니다.",
            "wal_level is minimal: no point-in-time recovery.",
            todo=(_CONFIRM[0].format("wal_level = replica"), _CONFIRM[1].format("wal_level = replica")),
        )
    if isolation != "read committed":
        yield mend(
            f"격리 수준이 {isolation}입니다. 잠금을 읽기 확정 수준에 맞춰 만들었습니다.",
            f"The isolation level is {isolation}; the locks are made for read committed.",
            todo=(
                _CONFIRM[0].format("default_transaction_isolation = 'read committed'"),
                _CONFIRM[1].format("default_transaction_isolation = 'read committed'"),
            ),
        )
    if encoding != "UTF8":
        yield mend(
            f"글자 부호가 {encoding}입니다. 한글이 깨집니다.",
            f"The encoding is {encoding}: Korean breaks.",
            todo=(
                "createdb --encoding UTF8 --locale C.UTF-8 로 새로 만들어 주세요.",
                "Make it anew: createdb --encoding UTF8 --locale C.UTF-8.",
            ),
        )
    elif collate == "C":
        yield look(
            "글자 종류가 C라 대소문자 구별이 영어 밖에서 틀릴 수 있습니다.",
            "The locale is C: letters beyond ASCII have no case.",
            todo=("--locale C.UTF-8 을 권합니다.", "C.UTF-8 is better."),
        )
    room = int(told["max_connections"]) - int(told["superuser_reserved_connections"])
    pool = int(settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"])
    yield good(
        f"PostgreSQL {told['server_version']}, 연결 {room}개까지, 프로세스마다 {pool}개까지. 프로세스를 {room // pool}개까지 띄울 수 있습니다.",
        f"PostgreSQL {told['server_version']}; {room} connections, at most {pool} a process: room for {room // pool} processes.",
    )


def _sqlite() -> Iterator[Finding]:
    def told(name: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}")
            row = cursor.fetchone()
            return str(row[0]) if row else ""

    wanted = {"journal_mode": ("wal",), "synchronous": ("1", "2", "3"), "foreign_keys": ("1",)}
    wrong = {name: told(name) for name, values in wanted.items() if told(name) not in values}
    for name, value in wrong.items():
        yield mend(
            f"SQLite의 {name}이 {value}입니다.",
            f"SQLite's {name} is {value}.",
            todo=(
                "파일을 네트워크 디스크가 아닌 이 컴퓨터의 디스크에 두어 주세요.",
                "Keep the file on a disk of this machine, not of a network.",
            ),
        )
    if (found := told("quick_check(1)")) != "ok":
        yield mend(
            "데이터베이스 파일이 상했습니다.",
            f"The database file is damaged ({found[:80]}).",
            todo=(
                "서버를 끄고 마지막 백업에서 되살려 주세요 (docs/operations.md).",
                "Stop the server and restore the last backup (docs/operations.md).",
            ),
        )
    if settings.GONGMO_MODE == "server":
        yield look(
            "SQLite를 씁니다. 서버 한 대까지만 쓸 수 있습니다.",
            "SQLite: one machine only.",
            todo=(
                "신청이 많은 공모라면 PostgreSQL로 옮겨 주세요: gongmo move",
                "For a call with many applications move to PostgreSQL: gongmo move.",
            ),
        )
    if not wrong:
        yield good("SQLite가 WAL 방식으로 안전하게 씁니다.", "SQLite writes ahead and safely.")


@check("migrations", "표의 판", "Tables", needs=("database",))
def migrations() -> Iterator[Finding]:
    """That the tables are those of this version."""
    try:
        done = probes.migrated()
    except DatabaseError:
        done = False
    if told := too_new(connection):
        ko, en = told.split("\n")
        yield mend(
            ko,
            en,
            todo=("새로운 판의 프로그램으로 바꿔 주세요.", "Use the program of the newer version."),
            stops=True,
        )
    elif done:
        yield good("표가 이 판과 맞습니다.", "The tables are of this version.")
    else:
        yield mend(
            "데이터베이스의 표가 이 판과 맞지 않습니다.",
            "The tables are not of this version.",
            todo=("gongmo manage prepare를 실행해 주세요.", "Run gongmo manage prepare."),
            stops=True,
        )


@check("storage", "파일 저장", "Storage")
def storage() -> Iterator[Finding]:
    """Write, read and remove a few bytes."""
    from gongmo.files import places
    from gongmo.files import storage as stored

    where = stored.current()
    content = secrets.token_bytes(1000)
    name = sha256(content).hexdigest()
    key, draft = stored.content(name), None
    step = ("쓰기", "writing")
    try:
        where.check()
        draft = places.incoming() / f"doctor-{os.getpid()}-{name[:8]}"
        draft.write_bytes(content)
        where.keep(draft, key)
        step = ("읽기", "reading")
        with where.open(key) as handle:
            same = handle.read() == content
        step = ("지우기", "removing")
        where.remove(key)
        gone = where.size(key) is None
    except Exception as error:
        yield mend(
            f"저장소에서 {step[0]}가 되지 않습니다 ({type(error).__name__}).",
            f"The storage fails at {step[1]} ({type(error).__name__}).",
            todo=(
                "저장소의 주소, 열쇠, 권한, 남은 공간을 확인해 주세요.",
                "Check its address, keys, rights and room.",
            ),
        )
        return
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
    if not same or not gone:
        yield mend(
            "저장소가 쓴 것과 다른 것을 돌려주거나 지우지 않습니다.",
            "The storage gives back other bytes, or does not remove.",
            todo=("이 저장소를 쓰지 말아 주세요.", "Do not use this storage."),
        )
        return
    room = where.room()
    if room is not None and room < probes.LEAST_FREE:
        yield mend(
            f"저장소에 {room / 1e9:,.1f} GB만 남았습니다.",
            f"{room / 1e9:,.1f} GB are left in the storage.",
            todo=("늘려 주세요.", "Make room."),
        )
    yield good("쓰고 읽고 지울 수 있습니다.", "Writing, reading and removing work.")
