"""The names of this floor's recorded acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "ledger.reshape": (
            "프로그램을 올리며 표의 칸을 바꾸고 다시 봉인함",
            "A table's columns changed by an upgrade, its rows sealed anew",
        )
    }
)
