"""Earlier projects for the rehearsal: a few hundred invented ones, and those that the script tells, brought in as a list is."""

import csv
import io
import random

from gongmo.rehearsal.data import CorpusData
from gongmo.rehearsal.play import Play
from gongmo.similarity import commands as similarity
from gongmo.similarity.models import EarlierProject

HEADS = (
    "과제고유번호",
    "과제명",
    "과제수행기관명",
    "부처명",
    "기준연도",
    "총연구기간_종료",
    "총연구비_합계(원)",
    "요약문_연구목표",
    "요약문_연구내용",
)
_THINGS = [
    "용접",
    "도금",
    "사출",
    "염색",
    "양식",
    "축산",
    "선반",
    "주조",
    "포장",
    "물류",
    "냉동",
    "열처리",
    "제빵",
    "제책",
    "목공",
    "정미",
    "제염",
    "방직",
    "도장",
    "절삭",
]
_AIMS = (
    "{a} 현장의 불량을 줄이기 위하여 {b} 자료를 모으고 살피는 체계를 만든다.",
    "{a} 설비의 고장을 미리 알아내는 {b} 모형을 개발한다.",
    "{a} 공정의 전력을 아끼는 {b} 제어 방법을 찾는다.",
    "{a} 작업자의 숙련을 {b} 영상으로 남기고 가르치는 과정을 연다.",
)
_STEPS = (
    "첫해에는 {a} 업체 {n}곳의 {b} 기록을 모아 표준 양식으로 정리한다.",
    "{b} 감지기를 {n}대 달고 {a} 장비의 신호를 초마다 기록한다.",
    "모은 자료로 {b} 판별 모형을 학습시키고 {a} 숙련자의 판단과 견준다.",
    "{a} 업체와 함께 {n}주 동안 {b} 모형을 시험하고 고친다.",
    "{b} 결과를 {a} 작업자가 보는 화면에 그림으로 보인다.",
    "끝난 뒤에는 {a} 협회가 {b} 장비를 이어 맡는다.",
)


def gather(play: Play, data: CorpusData | None) -> None:
    """Bring the list in and search for every application. Nothing where the script has no list."""
    if data is None:
        return
    officer = play.actors[play.script.agency.people[0].id]
    made = play.do(
        similarity.begin_import,
        actor=officer,
        name=data.name,
        file_name="earlier.csv",
        stream=io.BytesIO(_list(data, play.script.seed).encode("utf-8")),
    )
    play.do(similarity.confirm_import, actor=officer, import_id=made.pk)
    play.do(similarity.bring_in, import_id=made.pk)
    for application_id in play.applications.values():
        play.do(similarity.look, application_id=application_id)
    play.do(similarity.look_pairs, call_id=play.call_id)
    clause = play.definition.similar.clause if play.definition.similar is not None else None
    play.say(clause, f"앞선 과제 {EarlierProject.objects.count():,}건과 견주었습니다.")


def _list(data: CorpusData, seed: int) -> str:
    rnd = random.Random(seed)  # noqa: S311 - invented projects, nothing secret
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for number in range(data.invented):
        a, b = rnd.sample(_THINGS, 2)
        year = rnd.randrange(2015, 2024)

        def words(lines: tuple[str, ...], many: int, a: str = a, b: str = b) -> str:
            return " ".join(each.format(a=a, b=b, n=rnd.randrange(3, 60)) for each in rnd.sample(lines, many))

        writer.writerow(
            (
                f"가상-{year}-{number:04d}",
                f"{a} {b} 자료 활용 연구 {number + 1}",
                f"가상 {a} 연구조합",
                "가상 부처",
                year,
                f"{year + 1}-12-31",
                rnd.randrange(1, 40) * 50_000_000,
                words(_AIMS, 2),
                words(_STEPS, 4),
            )
        )
    for each in data.projects:
        writer.writerow(
            (
                each.number,
                each.title,
                each.organisation,
                each.funder,
                each.year,
                each.ended_on,
                each.money,
                each.goals,
                each.content,
            )
        )
    return out.getvalue()
