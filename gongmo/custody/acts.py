"""What this floor's acts are called in the record."""

from gongmo.kernel.acts import name_acts

NAMES = {
    "custody.sign_off": ("접속기록을 월별로 점검함", "Access log reviewed for a month"),
}

name_acts(NAMES)
