"""Signing out, also in the middle of signing up."""

from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.views import LogoutView


class SignOut(LogoutView):  # type: ignore[misc]
    """Gives up a code that waits, too: for a registered address it would go on waiting, and so tell that it is one."""

    def logout(self) -> None:
        super().logout()
        self.request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
