"""What this floor's acts are called in the record."""

from gongmo.kernel.acts import name_acts

NAMES = {
    "privacy.seal_access": ("접속기록의 해시를 남김", "Access log's hash recorded"),
    "privacy.prune_access": ("보관 기간이 지난 접속기록을 지움", "Access log kept long enough was deleted"),
}

name_acts(NAMES)
