"""The forms at which strangers ask for a code (ACCOUNT_FORMS). A module of its own: allauth makes its sign-up form from one of ours."""

from typing import Any

from allauth.account.forms import ResetPasswordForm, SignupForm
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from gongmo.web import throttling


class EvenSignupForm(SignupForm):  # type: ignore[misc]
    """Takes as long for an address that is registered already as for a new one: else the time would tell which are."""

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        throttling.require_code_asked_seldom(request, "signup", self.cleaned_data["email"])
        made: tuple[Any, HttpResponse | None] = super().try_save(request)
        if made[0] is None:
            # What makes a new account slow is its password.
            make_password(self.cleaned_data.get("password1"))
        return made


class AskForCodeForm(ResetPasswordForm):  # type: ignore[misc]
    """Asking for a new password: a stranger who asks without end is refused alone, not the account's owner elsewhere."""

    def save(self, request: HttpRequest, **more: Any) -> str:
        throttling.require_code_asked_seldom(request, "reset_password", self.cleaned_data["email"])
        asked: str = super().save(request, **more)
        return asked
