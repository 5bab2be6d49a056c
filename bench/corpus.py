"""An invented corpus of Korean project summaries, and reworded copies of some of them. Everything follows from one seed.

The vocabulary: real nouns of fields and techniques, and some 60,000 two-syllable words put together from Sino-Korean syllables, drawn
with Zipf's frequencies. The grammar has the sentences that such summaries are full of, so that texts that have nothing to do with each
other still share a great deal.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

_SYLLABLES = (
    "가각간감강개거건검격견결경계고공과관광교구국군권귀규극근금기길난남내노농능다단담당대덕도독동두등란량력련로론류리림마만말망매면명모목"
    "몰무문물미민박반발방배백법변별병보복본봉부분비빈사산상색생서석선설성세소속손송수숙순술습승시식신실심아안암압약양어언업여역연열영예"
    "오온완왕외요용우운원월위유육은음응의이익인일임입자작잔장재저적전절점접정제조족존종좌주준중증지직진질집차착찰참창채처천철청체초촌총최"
    "추축출충측치친침칭쾌타탁탄탈탐태택토통퇴투특파판패편평폐포폭표품풍피필하학한합항해행향허험현협형호혼화확환활황회획효후훈휘흡흥희"
)
_FIELDS = [
    "자동차",
    "부품",
    "조선",
    "기자재",
    "항공",
    "정밀가공",
    "금형",
    "사출",
    "주조",
    "용접",
    "도금",
    "열처리",
    "섬유",
    "염색",
    "식품",
    "수산물",
    "감귤",
    "축산",
    "화장품",
    "의료기기",
    "제약",
    "반도체",
    "이차전지",
    "디스플레이",
    "철강",
    "석유화학",
    "고무",
    "제지",
    "목재",
    "가구",
    "인쇄",
    "물류",
    "창고",
    "관광",
    "숙박",
    "외식",
    "농기계",
    "스마트팜",
    "양식장",
    "풍력",
    "태양광",
    "수소",
    "배관",
    "펌프",
    "밸브",
    "모터",
    "베어링",
    "센서",
    "로봇",
    "드론",
    "광학",
    "세라믹",
    "유리",
    "시멘트",
    "건설",
    "토목",
    "안전장비",
    "소방",
    "환경",
    "폐수",
    "대기",
    "폐기물",
    "재활용",
    "냉동",
    "공조",
    "포장",
    "의류",
    "신발",
    "안경",
    "귀금속",
    "완구",
    "악기",
]
_TECHNIQUES = (
    "불량 검출|수요 예측|예지 보전|공정 최적화|영상 분석|음성 인식|이상 탐지|품질 관리|재고 관리|일정 계획|"
    "에너지 절감|문서 요약|상담 응대|설계 자동화|경로 탐색|추천 체계|위험 평가|가상 모형|데이터 정제|원가 산출"
)
_GROUPS = (
    ("구축", "마련", "조성"), ("개발", "제작", "고안"), ("지원", "돕기", "뒷받침"), ("활용", "이용", "사용"), ("확대", "넓히기", "확장"),
    ("분석", "해석", "살핌"), ("향상", "개선", "높이기"), ("제공", "공급", "전달"), ("적용", "도입", "접목"), ("수집", "모으기", "취합"),
    ("기업", "업체", "사업장"), ("현장", "일터", "작업장"), ("교육", "훈련", "연수"), ("인력", "사람", "인재"), ("장비", "설비", "기기"),
    ("체계", "시스템", "틀"), ("자료", "데이터", "정보"), ("실증", "시험", "검증"), ("성과", "결과", "실적"), ("지역", "고장", "권역"),
    ("생산성", "작업 능률", "산출 효율"), ("기술", "기법", "솜씨"), ("문제", "과제", "어려움"), ("전문가", "숙련자", "달인"),
    ("협력", "공동 작업", "협업"), ("진단", "점검", "검사"), ("운영", "관리", "가동"), ("매출", "판매액", "수입"), ("비용", "경비", "지출"),
    ("감소", "절감", "줄이기"),
)  # fmt: skip
SYNONYMS = {word: tuple(other for other in group if other != word) for group in _GROUPS for word in group}
_SYNONYM = re.compile("|".join(sorted(map(re.escape, SYNONYMS), key=len, reverse=True)))
_SENTENCES = (
    "{F} 분야 중소기업의 {T} 기술을 {g1}하고 현장에 {g2}한다.",
    "{a} {b} 자료를 {g1}하여 {T} 모형을 {g2}한다.",
    "{region} {F} {기업}을 대상으로 {a} {T} {체계}를 {g1}한다.",
    "이를 통해 {생산성}을 {n}% {g1}하고 {비용}을 {m}% {감소}하는 것을 목표로 한다.",
    "{a}와 {b}의 관계를 {분석}하여 {c} {d}에 {g1}한다.",
    "{전문가} {n}명을 양성하고 {기업} {m}곳에 {교육} 과정을 {제공}한다.",
    "{F} 공정에서 나오는 {a} {b} 신호를 실시간으로 {수집}한다.",
    "{a} 기반 {T} 플랫폼을 {g1}하여 {c} {기업}이 공동으로 {활용}하게 한다.",
    "기존 {a} 방식의 한계를 넘어 {b} {c} 기반의 {T} {체계}를 제시한다.",
    "{실증} 단계에서는 {region} {F} {현장} {n}곳의 {a} {장비}에 {적용}한다.",
    "{a} {b} {c}를 결합한 {d} 알고리즘을 {g1}하고 특허를 출원한다.",
    "사업 종료 뒤에도 {a} {운영} 조직을 두어 {기업}을 계속 {지원}한다.",
    "{b} 수준을 {진단}하고 {c}에 맞는 {d} 과정을 설계한다.",
    "{F} {기업}의 {a} 부담을 줄이고 {b} {매출}을 {n}% 늘린다.",
    "{a} {장비}와 {b} 공간을 공동 {활용}하도록 개방한다.",
    "{c} {문제}를 해결하기 위하여 {a} {전문가}와 {협력}한다.",
)
_REGIONS = [
    "동해",
    "서강",
    "남천",
    "북림",
    "중원",
    "한빛",
    "새벌",
    "큰내",
    "푸른",
    "늘봄",
    "가온",
    "다솜",
    "해오름",
    "달구벌",
    "빛고을",
]
_SLOT = re.compile(r"\{([^}]+)\}")
_BATCHIM_PAIRS = (("을", "를"), ("은", "는"), ("이", "가"), ("과", "와"))


@dataclass(frozen=True, slots=True)
class Summary:
    """An invented earlier project."""

    number: str
    title: str
    goals: tuple[str, ...]
    content: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((*self.goals, *self.content))


class Maker:
    """Makes summaries from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        syllables = list(_SYLLABLES)
        words = {"".join(self.random.sample(syllables, 2)) for _ in range(70_000)}
        self.words = sorted(words)
        self.random.shuffle(self.words)
        self.cumulative = list(accumulate(1 / (place + 30) ** 0.85 for place in range(len(self.words))))
        self.techniques = _TECHNIQUES.split("|")
        self.groups = [group[0] for group in _GROUPS]

    def word(self) -> str:
        """A word of the vocabulary: common ones often, rare ones seldom."""
        return self.random.choices(self.words, cum_weights=self.cumulative)[0]

    def sentence(self, own: dict[str, str]) -> str:
        def slot(found: re.Match[str]) -> str:
            name = found.group(1)
            if name == "T":
                return own["T"] if self.random.random() < 0.7 else self.random.choice(self.techniques)
            if name in own:
                return own[name]
            if name in "abcd":
                # A project keeps coming back to its own words.
                return own[f"w{self.random.randrange(12)}"] if self.random.random() < 0.6 else self.word()
            if name.startswith("g"):
                return self.random.choice(self.groups[:10])
            if name in "nm":
                return str(self.random.randrange(3, 90))
            return name

        return particles(_SLOT.sub(slot, self.random.choice(_SENTENCES)))

    def summary(self, number: int) -> Summary:
        """One project: 4 to 7 sentences of goals, 14 to 25 of content."""
        own = {f"w{place}": self.word() for place in range(12)}
        own |= {"F": self.random.choice(_FIELDS), "T": self.random.choice(self.techniques), "region": self.random.choice(_REGIONS)}  # fmt: skip
        goals = tuple(self.sentence(own) for _ in range(self.random.randrange(4, 8)))
        content = tuple(self.sentence(own) for _ in range(self.random.randrange(14, 26)))
        title = f"{own['F']} {own['w0']} {own['w1']} 기반 {own['T']} 기술 개발"
        return Summary(f"R{number:07d}", title, goals, content)


def particles(text: str) -> str:
    """Each particle as the letter before it wants it."""

    def fit(found: re.Match[str]) -> str:
        last, particle = found.group(1), found.group(2)
        closed = (ord(last) - 0xAC00) % 28 > 0
        for with_, without in _BATCHIM_PAIRS:
            if particle in (with_, without):
                return last + (with_ if closed else without)
        return found.group()

    return re.sub(r"([가-힣])([을를은는과와])(?![가-힣])", fit, text)


# --- Reworded copies ------------------------------------------------------------------------------------------------
_OTHER_PARTICLES = {
    "을": "도", "를": "도", "은": "도", "는": "도", "이": "만", "가": "만", "에": "에서", "의": "", "에서": "에서는", "와": "하고", "과": "하고",
    "한다": "하였습니다", "하여": "하고", "하고": "하며", "하는": "할", "위하여": "위해",
}  # fmt: skip


def _swap(word: str) -> str:
    for old in sorted(_OTHER_PARTICLES, key=len, reverse=True):
        bare = word.rstrip(".")
        if len(bare) > len(old) + 1 and bare.endswith(old):
            return bare[: -len(old)] + _OTHER_PARTICLES[old] + word[len(bare) :]
    return word


def particles_changed(one: Summary, rnd: random.Random, maker: Maker) -> str:
    """Every particle and ending another one."""
    return " ".join(_swap(word) for word in one.text.split())


def words_moved(one: Summary, rnd: random.Random, maker: Maker) -> str:
    """The words of each sentence in another order."""
    made = []
    for sentence in (*one.goals, *one.content):
        words = sentence.rstrip(".").split()
        head = words[:-1]
        rnd.shuffle(head)
        made.append(" ".join([*head, words[-1]]) + ".")
    return " ".join(made)


def sentences_moved(one: Summary, rnd: random.Random, maker: Maker) -> str:
    """The sentences in another order."""
    found = [*one.goals, *one.content]
    rnd.shuffle(found)
    return " ".join(found)


def synonyms(one: Summary, rnd: random.Random, maker: Maker) -> str:
    """Every word that has a synonym is one."""
    return _SYNONYM.sub(lambda found: SYNONYMS[found.group()][0], one.text)


def half(one: Summary, rnd: random.Random, maker: Maker) -> str:
    """Half of its sentences, among as many of something else."""
    found = [*one.goals, *one.content]
    own = rnd.sample(found, len(found) // 2)
    other = maker.summary(0)
    mixed = [*own, *(other.goals + other.content)[: len(own)]]
    rnd.shuffle(mixed)
    return " ".join(mixed)


def paraphrased(share: float) -> Callable[[Summary, random.Random, Maker], str]:
    """So many of its words (any of them, names of things too) are other words; particles and the order of sentences change as well."""

    def change(one: Summary, rnd: random.Random, maker: Maker) -> str:
        made = []
        found = [*one.goals, *one.content]
        rnd.shuffle(found)
        for sentence in found:
            for word in sentence.split():
                bare = word.rstrip(".")
                kept = re.match(r"^([가-힣]{2,}?)(을|를|은|는|이|가|의|에|와|과|한다|하여|하고)?$", bare)
                if kept and rnd.random() < share:
                    made.append(maker.word() + (kept.group(2) or "") + word[len(bare) :])
                else:
                    made.append(_swap(word))
        return " ".join(made)

    return change


def buried(one: Summary, rnd: random.Random, maker: Maker) -> str:
    """Its sentences, particles changed, scattered through a plan ten times as long."""
    found = [_swap_all(sentence) for sentence in (*one.goals, *one.content)]
    plan: list[str] = []
    while len(plan) < 9 * len(found):
        other = maker.summary(0)
        plan += [*other.goals, *other.content]
    for sentence in found:
        plan.insert(rnd.randrange(len(plan)), sentence)
    return " ".join(plan)


def _swap_all(sentence: str) -> str:
    return " ".join(_swap(word) for word in sentence.split())


KINDS: dict[str, Callable[[Summary, random.Random, Maker], str]] = {
    "particles": particles_changed,
    "word order": words_moved,
    "sentence order": sentences_moved,
    "synonyms": synonyms,
    "half, mixed in": half,
    "20 % of words": paraphrased(0.2),
    "40 % of words": paraphrased(0.4),
    "60 % of words": paraphrased(0.6),
    "75 % of words": paraphrased(0.75),
    "in a long plan": buried,
}
"""Ways in which a text is copied, by name."""
