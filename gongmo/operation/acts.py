"""The names of this floor's recorded acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "operation.announce": ("서비스 안내 게시", "Put up a service notice"),
        "operation.withdraw_announcement": ("서비스 안내 내림", "Took a service notice down"),
    }
)
