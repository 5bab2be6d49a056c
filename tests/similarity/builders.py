"""A corpus in an index of its own, and an application that retells an earlier project."""

import csv
import io
from collections.abc import Sequence

from gongmo.applications.models import Application
from gongmo.definition.model import Definition
from gongmo.kernel.actor import Actor, system
from gongmo.similarity import commands
from gongmo.similarity.models import CorpusImport
from tests.sample_call import sample_definition

SYSTEM = system("test")
HEADS = (
    "과제고유번호",
    "과제명",
    "과제수행기관명",
    "기준연도",
    "총연구기간_종료",
    "총연구비_합계(원)",
    "요약문_연구목표",
    "요약문_연구내용",
)
TOLD = (
    "가상-1",
    "압연 소재 결함 판독 장치",
    "가상 연구조합",
    "2024",
    "2026-12-31",
    "480,000,000",
    "고속 카메라로 압연 소재의 표면을 찍어 미세 긁힘을 가려내는 것이 목표이다.",
    "출하 검사대에 판독 장치를 설치하여 협력사 열두 곳과 시험한다. 숙련 검사원의 판정 기록을 정리하여 학습 자료로 쓴다.",
)
RETELLING = (
    "압연 소재 표면의 미세 긁힘을 고속 카메라로 찍어 가려냅니다. 숙련 검사원이 남긴 판정 기록은 학습 자료로 정리합니다. "
    "협력사 열두 곳의 출하 검사대에 판독 장치를 설치하고 시험합니다."
)


def listed(rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS) -> io.BytesIO:
    """A CSV file as it is uploaded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows(rows)
    return io.BytesIO(out.getvalue().encode("utf-8-sig"))


def others(many: int = 30) -> list[tuple[str, ...]]:
    """Projects that have nothing to do with `TOLD`."""
    things = ["감귤", "용접", "도금", "염색", "제빵", "물류", "양식", "제염", "방직", "목공"]
    made = []
    for number in range(many):
        a, b = things[number % 10], things[(number // 10 + number + 1) % 10]
        made.append(
            (
                f"가상-{100 + number}",
                f"{a} {b} 활용 {number}",
                "가상 기관",
                "2023",
                "",
                "1000000",
                f"{a} 작업의 {b} 기록을 모은다.",
                f"{b} 설비를 {a} 업체에 {number}대 둔다. {a} 조합이 {b} 교육을 맡는다.",
            )
        )
    return made


def brought_in(
    actor: Actor = SYSTEM, rows: Sequence[Sequence[str]] | None = None, name: str = "시험 목록"
) -> CorpusImport:
    """A list uploaded, confirmed and brought in."""
    made = commands.begin_import(
        actor=actor,
        name=name,
        file_name="목록.csv",
        stream=listed(rows if rows is not None else [TOLD, *others()]),
    )
    commands.confirm_import(actor=actor, import_id=made.pk)
    commands.bring_in(import_id=made.pk)
    made.refresh_from_db()
    return made


def similar_definition() -> Definition:
    """The sample call, whose question "duplicate" is answered by officers' judgements."""
    return sample_definition(similar={"clause": "T-1", "fact": "duplicate"})


def retell(application: Application, text: str = RETELLING) -> None:
    """Let a submitted application say this (a row, not a command: what matters is what it says)."""
    Application.objects.filter(pk=application.pk).update(summary=text)
