"""The names of this floor's recorded acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "registers.record_answers": ("등록부의 답 기록", "Recorded what a register answered"),
        "registers.verify_number": ("사업자등록번호 확인 맡김", "Had a business number verified"),
    }
)
