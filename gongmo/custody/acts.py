"""What this floor's acts are called in the record."""

from gongmo.kernel.acts import name_acts

NAMES = {
    "custody.propose_destruction": ("파기 대상을 찾음", "Due for destruction"),
    "custody.agree_destruction": ("개인정보 파기에 동의함", "Destruction of personal data agreed to"),
    "custody.hold_destruction": ("개인정보를 더 보존하기로 함", "Personal data kept for a reason"),
    "custody.destroy": ("개인정보를 파기함", "Personal data destroyed"),
    "custody.sign_off": ("접속기록을 월별로 점검함", "Access log reviewed for a month"),
}

name_acts(NAMES)
