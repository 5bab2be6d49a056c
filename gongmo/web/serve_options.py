"""The options of `gongmo serve`: apart from the server, so that `--help` needs no settings and makes nothing."""

import argparse
import os


def parser() -> argparse.ArgumentParser:
    """What reads them."""
    made = argparse.ArgumentParser(prog="gongmo serve", description="서버를 엽니다 / run the web server")
    made.add_argument(
        "--host", default="127.0.0.1", help="들을 주소 / address to listen on (default 127.0.0.1)"
    )
    made.add_argument("--port", type=int, default=8000, help="포트 / port (default 8000)")
    made.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        help="작업 프로세스 수 / worker processes (default: cores)",
    )
    made.add_argument(
        "--threads",
        type=int,
        default=4,
        help="프로세스마다 한꺼번에 처리하는 요청 수 / requests worked on at a time per worker (default 4)",
    )
    made.add_argument(
        "--waiting",
        type=int,
        default=60,
        help="프로세스마다 차례를 기다릴 수 있는 요청 수 / requests that may wait per worker (default 60)",
    )
    made.add_argument(
        "--no-prepare",
        action="store_true",
        help="데이터베이스와 정적 파일을 준비하지 않습니다 / skip migrations and static files",
    )
    made.add_argument(
        "--no-tasks",
        action="store_true",
        help="작업 프로세스를 함께 띄우지 않습니다 (gongmo work를 따로 띄울 때) / start no worker for queued tasks",
    )
    return made
