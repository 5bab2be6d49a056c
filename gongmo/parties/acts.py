"""The names of this floor's recorded acts."""

from gongmo.kernel.acts import name_acts

name_acts(
    {
        "parties.register_organisation": ("기관 등록", "Registered an organisation"),
        "parties.update_organisation": ("기관 정보 변경", "Changed an organisation's profile"),
        "parties.register_person": ("사람 등록", "Registered a person"),
        "parties.rename_person": ("표시 이름 변경", "Changed a display name"),
        "parties.add_member": ("구성원 추가", "Added a member"),
        "parties.end_membership": ("구성원 종료", "Ended a membership"),
        "parties.hand_over": ("인수인계", "Handed over"),
        "parties.grant_role": ("역할 부여", "Granted a role"),
        "parties.revoke_role": ("역할 종료", "Ended a role"),
        "parties.sign_up": ("회원 가입", "Signed up"),
        "parties.signed_in": ("로그인", "Signed in"),
        "parties.signed_out": ("로그아웃", "Signed out"),
        "parties.sign_in_failed": ("로그인 실패", "Failed to sign in"),
    }
)
