"""The machine: clocks, disks, folders, mail, workers."""

import os
import smtplib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection

from gongmo.operation import probes
from gongmo.operation.deploy.findings import Finding, check, good, look, mend
from gongmo.operation.figures import queue


@check("clock", "시계", "Clock", needs=("database", "migrations"))
def clock() -> Iterator[Finding]:
    """That this machine's clock agrees with the database server's, did not go back, and is kept in step."""
    seen = probes.clock_seen()
    chrony = (
        "모든 서버에 chrony를 켜고 같은 시간 서버에 맞춰 주세요.",
        "Run chrony on every machine with the same time servers.",
    )
    fine = True
    if seen.skew is not None and abs(seen.skew) > settings.GONGMO_CLOCK_TOLERANCE:
        fine = False
        yield mend(
            f"데이터베이스 서버의 시계와 {seen.skew:+.1f}초 다릅니다. 마감이 서버마다 달라집니다.",
            f"The database server's clock is {seen.skew:+.1f} s off: the deadline differs from machine to machine.",
            todo=chrony,
        )
    if seen.record_ahead > settings.GONGMO_CLOCK_TOLERANCE:
        fine = False
        yield mend(
            f"마지막 기록이 지금보다 {seen.record_ahead:,.0f}초 앞섭니다. 이 서버의 시계가 뒤로 갔거나 늦습니다.",
            f"The record's last entry lies {seen.record_ahead:,.0f} s in the future: this machine's clock went back, or is late.",
            todo=chrony,
        )
    if seen.kept is False:
        fine = False
        yield look(
            "이 서버의 시계를 맞춰 주는 프로그램이 없습니다.",
            "Nothing keeps this machine's clock in step.",
            todo=(
                "chrony나 systemd-timesyncd를 켜 주세요: systemctl enable --now chrony",
                "Run chrony or systemd-timesyncd: systemctl enable --now chrony",
            ),
        )
    if not fine:
        return
    if seen.skew is not None:
        yield good("데이터베이스 서버의 시계와 맞습니다.", "In step with the database server's clock.")
    elif seen.kept:
        yield good("운영체제가 시계를 맞추고 있습니다.", "The operating system keeps the clock in step.")
    else:
        yield good(
            "시계가 뒤로 가지 않았습니다. 견줄 다른 시계는 없습니다.",
            "The clock did not go back. There is no other clock to compare it with.",
        )


@check("disk", "디스크", "Disk")
def disk() -> Iterator[Finding]:
    """That there is room where the server writes."""
    for room in probes.rooms():
        shown = f"{room.free / 1e9:,.1f} GB"
        if room.scarce:
            yield mend(
                f"{room.folder}에 {shown}만 남았습니다. 곧 저장이 멈춥니다.",
                f"{shown} are left at {room.folder}: saving will soon stop.",
                todo=(
                    "디스크를 늘리거나 비워 주세요 (docs/incidents.md의 ‘디스크가 찼다’).",
                    "Make room (docs/incidents.md, ‘디스크가 찼다’).",
                ),
            )
        elif room.tight:
            yield look(
                f"{room.folder}에 {shown}({room.free / room.total:.0%})가 남았습니다.",
                f"{shown} ({room.free / room.total:.0%}) are left at {room.folder}.",
                todo=(
                    "마감 전에 늘려 주세요. 신청 한 건에 보통 30 MB가 듭니다.",
                    "Make room before the deadline: an application takes about 30 MB.",
                ),
            )
        else:
            yield good(f"{room.folder}에 {shown}가 남았습니다.", f"{shown} are left at {room.folder}.")


@check("permissions", "폴더 권한", "Folders")
def permissions() -> Iterator[Finding]:
    """That only the service reads what it keeps, and that it can write."""
    fine = True
    if os.geteuid() == 0:
        fine = False
        yield look(
            "root로 실행하고 있습니다.",
            "It runs as root.",
            todo=(
                "전용 사용자로 실행해 주세요 (deploy/systemd).",
                "Run it as a user of its own (deploy/systemd).",
            ),
        )
    home = Path(settings.GONGMO_HOME)
    for folder in (home, Path(settings.GONGMO_FILES)):
        if not folder.exists():
            continue
        # What lies in a closed folder is closed.
        if folder.stat().st_mode & 0o077 and (folder == home or home not in folder.parents):
            fine = False
            yield mend(
                f"{folder}을 다른 사용자가 볼 수 있습니다.",
                f"{folder} is open to others.",
                todo=(f"chmod 700 {folder}", f"chmod 700 {folder}"),
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            fine = False
            yield mend(
                f"{folder}에 쓸 수 없습니다.",
                f"{folder} cannot be written to.",
                todo=("소유자를 서비스 사용자로 바꿔 주세요.", "Make the service's user its owner."),
            )
    if fine:
        yield good("폴더는 서비스만 읽고 씁니다.", "The folders are the service's own.")


@check("mail", "메일", "Mail")
def mail() -> Iterator[Finding]:
    """That the mail server lets us in. Nothing is sent."""
    if settings.GONGMO_MAIL_BACKEND.endswith("filebased.EmailBackend"):
        if settings.GONGMO_MODE == "server":
            yield mend(
                "메일 서버가 없어 메일이 파일로만 쌓입니다. 아무도 가입하거나 비밀번호를 찾을 수 없습니다.",
                "Without a mail server mails only pile up as files: nobody can sign up.",
                todo=("GONGMO_MAIL_URL을 설정해 주세요.", "Set GONGMO_MAIL_URL."),
            )
        else:
            yield good("메일을 파일로 씁니다.", "Mails are written to files.")
        return
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield mend(
            "보내는 주소가 gongmo@localhost입니다. 받는 쪽이 거절합니다.",
            "The sender is gongmo@localhost: others will refuse it.",
            todo=("GONGMO_MAIL_FROM을 설정해 주세요.", "Set GONGMO_MAIL_FROM."),
        )
    server = get_connection(settings.GONGMO_MAIL_BACKEND, timeout=10)
    try:
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        yield mend(
            f"메일 서버({settings.EMAIL_HOST}:{settings.EMAIL_PORT})에 들어갈 수 없습니다 ({type(error).__name__}).",
            f"The mail server ({settings.EMAIL_HOST}:{settings.EMAIL_PORT}) does not let us in ({type(error).__name__}).",
            todo=(
                "주소, 포트, 계정, 방화벽을 확인해 주세요 (GONGMO_MAIL_URL).",
                "Check address, port, account and firewall (GONGMO_MAIL_URL).",
            ),
        )
        return
    yield good("메일 서버에 들어갈 수 있습니다.", "The mail server lets us in.")


@check("workers", "작업 프로세스", "Task workers", needs=("database", "migrations"))
def workers() -> Iterator[Finding]:
    """That somebody works for the queue."""
    found = queue()
    if found.workers.alive == 0:
        yield mend(
            f"작업 프로세스가 하나도 없습니다. 작업 {found.waiting}건이 기다립니다.",
            f"No task worker lives; {found.waiting} tasks wait.",
            todo=(
                "gongmo work를 띄워 주세요 (systemctl start gongmo-work). 웹 서버가 꺼져 있다면 켜진 뒤 다시 살펴 주세요.",
                "Start gongmo work (systemctl start gongmo-work).",
            ),
        )
    else:
        yield good(
            f"작업 프로세스 {found.workers.alive}개가 돌고 있습니다.",
            f"{found.workers.alive} task workers live.",
        )
    if found.late > 120:
        yield look(
            f"가장 오래 기다린 작업이 {found.late / 60:,.0f}분 밀렸습니다.",
            f"The longest waiting task is {found.late / 60:,.0f} min late.",
            todo=(
                "작업 프로세스를 늘려 주세요: gongmo work --workers 2",
                "Start more: gongmo work --workers 2",
            ),
        )
    if found.failed:
        yield look(
            f"실패한 작업이 {found.failed}건 있습니다.",
            f"{found.failed} tasks have failed.",
            todo=(
                "/tasks/에서 까닭을 보고 다시 해 주세요.",
                "See why at /tasks/ and run them again.",
            ),
        )
