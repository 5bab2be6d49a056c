"""What this floor's acts are called in the record."""

from gongmo.kernel.acts import name_acts

NAMES = {
    "calls.publish": ("공고함", "Call published"),
    "calls.correct": ("정정공고를 냄", "Correction published"),
    "calls.extend": ("접수 마감을 연장함", "Deadline extended for everyone"),
    "calls.close": ("접수를 마감함", "Intake closed"),
    "calls.cancel": ("공고를 취소함", "Call cancelled"),
    "calls.finish": ("공고를 마침", "Call finished"),
    "calls.ask": ("질문함", "Question asked"),
    "calls.answer": ("답변함", "Question answered"),
}

name_acts(NAMES)
