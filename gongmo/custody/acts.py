"""What this floor's acts are called in the record."""

from gongmo.kernel.acts import name_acts

NAMES = {
    "custody.propose_destruction": ("파기 대상을 찾음", "Due for destruction"),
    "custody.agree_destruction": ("개인정보 파기에 동의함", "Destruction of personal data agreed to"),
    "custody.hold_destruction": ("개인정보를 더 보존하기로 함", "Personal data kept for a reason"),
    "custody.destroy": ("개인정보를 파기함", "Personal data destroyed"),
    "custody.propose_people": ("파기할 평가위원과 계정을 찾음", "Experts and accounts due for destruction"),
    "custody.agree_person": ("평가위원 정보의 파기에 동의함", "Destruction of an expert's data agreed to"),
    "custody.hold_person": ("사람의 정보를 더 보존하기로 함", "A person's data kept for a reason"),
    "custody.destroy_person": ("평가위원 정보나 계정을 파기함", "An expert's data or an account destroyed"),
    "custody.sign_off": ("접속기록을 월별로 점검함", "Access log reviewed for a month"),
}

name_acts(NAMES)
