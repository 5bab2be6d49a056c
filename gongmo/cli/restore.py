"""`gongmo restore`: brings a backup into an empty installation, and proves that everything is there."""

import argparse
import importlib
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from gongmo.cli import noting, output, start
from gongmo.cli.proving import Progress, prove, quietly, show, size
from gongmo.kernel.korean import stamp

NAME = "restore"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME,
        help="백업을 빈 곳에 되살리고 온전한지 확인합니다 / restore a backup into an empty place and verify it",
        description="암호화한 백업은 GONGMO_BACKUP_SECRET의 비밀 열쇠로 엽니다 / GONGMO_BACKUP_SECRET opens an encrypted backup",
    )
    parser.add_argument(
        "source",
        type=Path,
        metavar="FOLDER|FILE.tar",
        help="gongmo backup이 만든 것 / what gongmo backup made",
    )
    noting.add_reason(parser)
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Restore, run doctor and replay, print; 0 where everything is there and well."""
    start.django()
    quietly()
    settings = importlib.import_module("django.conf").settings
    pack = importlib.import_module("gongmo.carrying.pack")
    arrive = importlib.import_module("gongmo.carrying.arriving").arrive
    backup = importlib.import_module("gongmo.carrying.backup").Backup
    given = os.environ.get("GONGMO_BACKUP_SECRET", "").strip()
    secret = pack.identity(given) if given else None
    room = Path(settings.FILE_UPLOAD_TEMP_DIR)
    try:
        with pack.Reading(args.source.resolve(), secret, room) as reading:
            source = backup(reading, room)
            done = arrive(source, progress=Progress(args.lang))
    except OSError as error:
        output.complain(
            f"되살리지 못했습니다. 데이터베이스는 비어 있으니 고친 뒤 같은 명령을 다시 해 주세요. ({error}) / "
            "Not restored. The database is still empty; mend this and run the same again."
        )
        return output.FAILED
    noting.note("restore", detail=str(args.source), reason=args.reason)
    return report(args, done, datetime.fromisoformat(source.told.made_at))


def report(args: argparse.Namespace, done: Any, made_at: datetime | None = None) -> int:
    """Prove what came and print both. Returns the exit code: 0 where nothing is missing and `doctor` and `replay` find nothing.

    `made_at`: when it was left as it came; None for a move, which brings what is there. Used by `move`, too.
    """
    tables: dict[str, int] = done.tables
    rows, filled = sum(tables.values()), sum(1 for count in tables.values() if count)
    proof = prove()
    code = output.OK if proof.good and done.whole else output.FAILED
    if args.json:
        output.print_json(asdict(done) | {"proof": proof.told()})
        return code
    if args.lang == "ko":
        of = f"{stamp(made_at, seconds=True)}(한국 시각)까지의 자료" if made_at else "자료"
        output.say(
            f"{of} {rows:,}줄(표 {len(tables)}개 가운데 {filled}개에 내용이 있음)의 수와 내용이 모두 같습니다."
        )
        output.say(
            f"파일 {done.files:,}개({size(done.bytes)})의 해시가 모두 같습니다. 그 가운데 {done.there:,}개는 이미 있었습니다. "
            f"올리던 파일 {done.uploads}개도 왔습니다."
        )
    else:
        of = f", as of {stamp(made_at, seconds=True)} Korea time" if made_at else ""
        output.say(f"{rows:,} rows in {filled} of {len(tables)} tables{of}: number and content agree.")
        output.say(
            f"{done.files:,} files ({size(done.bytes)}): every hash agrees; {done.there:,} were there already. "
            f"{done.uploads} uploads under way."
        )
    for ko, en in done.notes:
        output.complain(ko if args.lang == "ko" else en)
    show(proof, args.lang)
    return code
