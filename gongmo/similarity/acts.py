"""The names of this floor's recorded acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "similarity.begin_import": ("앞선 과제 목록 올림", "Uploaded a list of earlier projects"),
        "similarity.confirm_import": (
            "앞선 과제 목록 가져오기 시작",
            "Started bringing in a list of earlier projects",
        ),
        "similarity.drop_import": ("앞선 과제 목록 지움", "Deleted a list of earlier projects"),
        "similarity.judge": ("유사 과제 판단", "Judged a similar project"),
        "similarity.conclude": ("중복성 검토 마침", "Concluded the duplication check"),
    }
)
