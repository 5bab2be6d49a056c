"""`gongmo backup`: database, files and the record's signed state in a folder or one file, while everybody goes on working."""

import argparse
import importlib
import os
from datetime import datetime
from pathlib import Path

from gongmo.cli import noting, output, start
from gongmo.cli.proving import Progress, quietly, size
from gongmo.kernel.actor import system
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import stamp

NAME = "backup"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME,
        help="데이터베이스와 파일을 쓰는 중에도 온전하게 백업합니다 / back up database and files while they are in use",
        description="GONGMO_BACKUP_KEY에 공개 열쇠(age1…)가 있으면 그 열쇠로 암호화합니다 / encrypted for GONGMO_BACKUP_KEY where it is set",
    )
    parser.add_argument(
        "target",
        nargs="?",
        type=Path,
        metavar="FOLDER|FILE.tar",
        help="새 폴더, 또는 .tar로 끝나는 새 파일 / a new folder, or a new file whose name ends in .tar",
    )
    parser.add_argument(
        "--new-key",
        action="store_true",
        help="암호화에 쓸 열쇠 한 쌍을 만들어 보여 줍니다 / make a pair of keys",
    )
    noting.add_reason(parser)
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Back up and print what was kept; 1 where a stored file was missing or damaged."""
    korean = args.lang == "ko"
    if args.new_key:
        return _new_key(korean)
    if args.target is None:
        raise BadInput(
            "target",
            "백업할 곳을 적어 주세요: gongmo backup FOLDER",
            "Name a folder or a file ending in .tar: gongmo backup FOLDER",
        )
    start.with_data()
    quietly()
    pack = importlib.import_module("gongmo.carrying.pack")
    back_up = importlib.import_module("gongmo.carrying.backup").back_up
    given = os.environ.get("GONGMO_BACKUP_KEY", "").strip()
    key = pack.recipient(given) if given else None
    noting.note("backup", detail=str(args.target), reason=args.reason or "백업")
    try:
        made = back_up(
            actor=system("backup"), target=args.target.resolve(), key=key, progress=Progress(args.lang)
        )
    except OSError as error:
        output.complain(
            f"백업하지 못했습니다. 디스크의 남은 공간과 파일 저장소를 확인하고 다시 해 주세요. ({error}) / The backup failed and left nothing behind."
        )
        return output.FAILED
    if args.json:
        output.print_json(made)
    elif korean:
        output.say(f"백업했습니다: {args.target}")
        output.say(
            f"{stamp(datetime.fromisoformat(made.made_at), seconds=True)}(한국 시각)까지의 자료 {made.rows:,}줄, 파일 {made.files:,}개({size(made.bytes)}), 기록 {made.entries:,}건"
        )
        output.say(
            "공개 열쇠로 암호화했습니다. 비밀 열쇠가 있어야 열립니다."
            if key
            else "암호화하지 않았습니다. 개인정보가 들어 있으니 아무나 읽지 못하는 곳에 두거나 GONGMO_BACKUP_KEY를 정해 주세요."
        )
        output.say(
            "secret-key, signing-seed, field-keys는 들어 있지 않습니다. 따로 보관해 주세요. field-keys 없이는 암호화한 값을 읽을 수 없습니다."
        )
    else:
        output.say(
            f"Backed up to {args.target}: as of {stamp(datetime.fromisoformat(made.made_at), seconds=True)} Korea time, {made.rows:,} rows, {made.files:,} files ({size(made.bytes)}), {made.entries:,} entries."
        )
        output.say(
            "Encrypted." if key else "Not encrypted. It holds personal data: keep it where few may read."
        )
        output.say(
            "secret-key, signing-seed and field-keys are not in it; keep them apart. Without field-keys encrypted values cannot be read."
        )
    for each in made.missing:
        output.complain(
            f"파일이 없거나 손상되어 백업에 넣지 못했습니다: {each} / missing or damaged, not in the backup"
        )
    return output.FAILED if made.missing else output.OK


def _new_key(korean: bool) -> int:
    pyrage = importlib.import_module("pyrage")
    made = pyrage.x25519.Identity.generate()
    output.say(f"GONGMO_BACKUP_KEY={made.to_public()}")
    output.say(f"GONGMO_BACKUP_SECRET={made}")
    output.complain(
        "첫 줄은 백업할 서버에 넣고, 둘째 줄은 서버에 두지 말고 안전한 곳에 보관해 주세요. 잃어버리면 백업을 열 수 없습니다."
        if korean
        else "Set the first on the server. Keep the second elsewhere: without it no backup can be opened."
    )
    return output.OK
