"""The sign-up form (ACCOUNT_FORMS). A module of its own, because the sign-up form of allauth is made from one of ours."""

from typing import Any

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse


class EvenSignupForm(SignupForm):  # type: ignore[misc]
    """Takes as long for an address that is registered already as for a new one: else the time would tell which are."""

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        made: tuple[Any, HttpResponse | None] = super().try_save(request)
        if made[0] is None:
            # What makes a new account slow is its password.
            make_password(self.cleaned_data.get("password1"))
        return made
