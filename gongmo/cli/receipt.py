"""`gongmo receipt`: writes a submission's proving receipt, and verifies one without a server, a database or the network."""

import argparse
import importlib
import json
import re
from datetime import datetime
from pathlib import Path

from gongmo.cli import noting, output, start
from gongmo.cli.receipt_reading import Found, compare_files, compare_receipts, read_receipt
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import stamp

NAME = "receipt"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME, help="접수증을 만들고 인터넷 없이 확인합니다 / write and verify receipts"
    )
    acts = parser.add_subparsers(dest="act", required=True, metavar="일/act")
    issue = acts.add_parser(
        "issue", help="접수번호의 접수증 파일을 만듭니다 / write the receipt of a submission"
    )
    issue.add_argument("number", metavar="NUMBER", help="접수번호 / receipt number")
    issue.add_argument(
        "--output", metavar="FILE", help="쓸 파일 (기본: 화면) / file to write (standard output)"
    )
    noting.add_reason(issue)
    verify = acts.add_parser("verify", help="접수증을 인터넷 없이 확인합니다 / verify a receipt offline")
    verify.add_argument("file", metavar="FILE", help="접수증 파일 (PDF나 JSON) / receipt file (PDF or JSON)")
    verify.add_argument(
        "--key", metavar="HEX", help="기관이 알린 공개키 (16진수 64자) / the published key (64 hex digits)"
    )
    verify.add_argument(
        "--files",
        metavar="DIR",
        help="제출한 파일이 있는 폴더도 대조합니다 / compare the files in this folder, too",
    )
    verify.add_argument(
        "--compare",
        metavar="FILE",
        help="다른 사본과 다른 곳을 알려 줍니다 / tell where another copy differs",
    )
    output.add_common(verify)
    key = acts.add_parser("key", help="이 서버의 공개키를 보여 줍니다 / show this installation's public key")
    output.add_common(key)


def run(args: argparse.Namespace) -> int:
    """Run the act that was asked for."""
    if args.act == "issue":
        return _issue(args)
    if args.act == "key":
        start.with_data()
        key = importlib.import_module("gongmo.ledger.signing").public_key()
        if args.json:
            output.print_json({"public_key": key})
        else:
            output.say(key)
        return output.OK
    return _verify(args)


def _issue(args: argparse.Namespace) -> int:
    """Write the receipt; the record is signed first where no checkpoint covers the submission yet."""
    start.with_data()
    submissions = importlib.import_module("gongmo.applications.models").Submission.objects
    submission = submissions.filter(receipt_number=args.number).select_related("application__call").first()
    if submission is None:
        output.complain(f"접수번호 {args.number}이(가) 없습니다. / There is no receipt number {args.number}.")
        return output.FAILED
    value = importlib.import_module("gongmo.applications.queries.receipts").receipt_value(submission)
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    noting.note("receipt issue", subject=submission.application_id, detail=args.number, reason=args.reason)
    if args.output:
        Path(args.output).write_text(text, "utf-8")
        output.say(f"접수증을 {args.output}에 썼습니다. / The receipt is in {args.output}.")
    else:
        print(text, end="")
    return output.OK


def _verify(args: argparse.Namespace) -> int:
    """Print each check; 0 when all hold, 1 when one does not, 2 when the file is no receipt."""
    receipts = importlib.import_module("gongmo.ledger.receipts")
    if args.key is not None and re.fullmatch(r"[0-9a-fA-F]{64}", args.key.strip()) is None:
        raise BadInput("key", "공개키는 16진수 64자입니다.", "The key has 64 hex digits.", field="--key")
    try:
        receipt, told = read_receipt(Path(args.file))
        checked = receipts.check(receipt, public_key=args.key)
        manifest = json.loads(receipt["manifest"])
        received = datetime.fromisoformat(manifest["received_at"])
    except (OSError, ValueError) as error:
        raise BadInput(
            "receipt",
            f"접수증으로 읽을 수 없습니다: {args.file} ({error})",
            f"This is not a receipt: {args.file} ({error})",
        ) from error
    try:
        files = compare_files(manifest, Path(args.files)) if args.files else []
        copies = compare_receipts(receipt, read_receipt(Path(args.compare))[0]) if args.compare else []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput("compare", f"대조할 수 없습니다 ({error})", f"Cannot be compared ({error})") from error
    told = [*(Found(each.what, each.holds) for each in checked), *told, *copies]
    good = all(each.holds for each in (*told, *files))
    if args.json:
        output.print_json(
            {
                "ok": good,
                "receipt_number": manifest["receipt_number"],
                "received_at": manifest["received_at"],
                "checks": [
                    {"ko": c.what.ko, "en": c.what.en, "holds": c.holds, "differs": c.differs} for c in told
                ],
                "files": [{"name": c.what.ko, "holds": c.holds, "differs": c.differs} for c in files],
            }
        )
        return output.OK if good else output.FAILED
    korean = args.lang == "ko"
    words = ("맞음", "다름") if korean else ("holds", "differs")
    output.say(f"{manifest['receipt_number']}  {stamp(received, seconds=True)} ({manifest['received_at']})")
    for each in (*told, *files):
        differs = f": {each.differs}" if each.differs else ""
        output.say(f"  {words[not each.holds]}  {output.pick(each.what, args.lang)}{differs}")
    if args.key is None and good:
        output.say(
            "  공개키를 --key로 주면 누가 서명했는지도 확인합니다."
            if korean
            else "  Give --key to see who signed it, too."
        )
    return output.OK if good else output.FAILED
