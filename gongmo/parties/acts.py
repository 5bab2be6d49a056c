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
        "parties.change_role": ("구성원 역할 변경", "Changed a member's role"),
        "parties.invite": ("초대", "Invited"),
        "parties.resend_invitation": ("초대 다시 보냄", "Sent an invitation again"),
        "parties.withdraw_invitation": ("초대 거둠", "Took an invitation back"),
        "parties.accept_invitation": ("초대 수락", "Accepted an invitation"),
        "parties.forget_addresses": ("지난 초대의 주소 지움", "Forgot addresses of old invitations"),
        "parties.add_certificate": ("증명서 등록", "Added a certificate"),
        "parties.end_certificate": ("증명서 사용 끝냄", "Took a certificate out of use"),
        "parties.close_account": ("계정 닫음", "Closed an account"),
        "parties.reset_second_factor": ("2단계 인증 초기화", "Reset the second factor"),
        "parties.end_session": ("다른 기기의 로그인 끝냄", "Ended another session"),
        "parties.sign_out_everywhere": ("모든 기기에서 로그아웃", "Signed out everywhere"),
        "parties.hand_over": ("인수인계", "Handed over"),
        "parties.grant_role": ("역할 부여", "Granted a role"),
        "parties.revoke_role": ("역할 종료", "Ended a role"),
        "parties.sign_up": ("회원 가입", "Signed up"),
        "parties.change_email": ("전자우편 주소 변경", "Changed the e-mail address"),
        "parties.change_password": ("비밀번호 변경", "Changed the password"),
        "parties.add_second_factor": ("2단계 인증 등록", "Added a second factor"),
        "parties.remove_second_factor": ("2단계 인증 해제", "Removed a second factor"),
        "parties.signed_in": ("로그인", "Signed in"),
        "parties.signed_out": ("로그아웃", "Signed out"),
        "parties.sign_in_failed": ("로그인 실패", "Failed to sign in"),
    }
)
