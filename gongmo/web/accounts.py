"""What sign-up asks, how sign-in attempts are slowed down, and what other sign-in services may bring: the settings of allauth in code."""

import base64
import hashlib
import secrets
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse

from gongmo.parties.models import Person
from gongmo.parties.recent import signed_in_within
from gongmo.web import throttling
from gongmo.web.jinja import t
from gongmo.web.outward import Outward
from gongmo.web.second_factor import is_required_of

KNOWN_COOKIE = "gongmo_known"
_KNOWN_SALT = "gongmo.web.known"
_KNOWN_AGE = 180 * 24 * 3600
_KNOWN_MOST = 5


class SignupForm(forms.Form):
    """Base of allauth's sign-up form (ACCOUNT_SIGNUP_FORM_CLASS): the name that others see."""

    display_name = forms.CharField(
        max_length=80,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["display_name"].label = t("이름", "Name")
        self.fields["display_name"].help_text = t(
            "함께 일하는 사람들에게 보이는 이름입니다.", "The name that the people you work with will see."
        )

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth once the person is stored."""
        user.display_name = " ".join(self.cleaned_data["display_name"].split())
        user.language = getattr(request, "LANGUAGE_CODE", "ko")
        user.save(update_fields=["display_name", "language"])


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in limits that stop guessing without letting a stranger lock somebody out, nor an office lock itself out.

    Failures are counted for an account from one address, and more loosely for the account from everywhere: one address alone never
    reaches that. A browser in which the person has signed in before is not bound by the second count: whoever floods an account from
    many places on closing day cannot keep its owner out; nor from a new password, which starts both counts anew.
    """

    error_messages: ClassVar[dict[str, Any]] = dict(DefaultAccountAdapter.error_messages)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return throttling.here(request, _login_of(credentials))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        throttling.forget_failures(request, _login_of(credentials))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail of signing in, but for what strangers flood a mailbox with."""
        if throttling.may_mail(template_prefix, email):
            super().send_mail(template_prefix, email, {**context, "site": settings.GONGMO_SITE_URL})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        login = _login_of(credentials)
        self._counted: list[Any] = []
        if not login:
            return
        counted = throttling.count_failure(request, login, login in known_here(request))
        if counted is None:
            raise self.validation_error("too_many_login_attempts")
        self._counted = counted

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        for usage in getattr(self, "_counted", ()):
            usage.rollback()

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        email = str(getattr(user, "email", "")).lower()
        known = [email, *(each for each in known_here(request) if each != email)][:_KNOWN_MOST]
        response.set_cookie(
            KNOWN_COOKIE,
            signing.dumps(known, salt=_KNOWN_SALT),
            max_age=_KNOWN_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
            path="/accounts/",
        )
        return response

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whoever has just signed in need not do it again to set up a second factor."""
        return bool(super().is_reauthentication_required(app=app, **more)) and not signed_in_within(
            self.request, 5
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Nobody who must use a second factor removes the last one. Secrets are kept encrypted with this installation's key."""

    error_messages: ClassVar[dict[str, Any]] = dict(DefaultMFAAdapter.error_messages)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        if authenticator.type not in kinds or not is_required_of(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=kinds)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def encrypt(self, text: str) -> str:
        return signing_box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that fits nothing where the installation's key has changed since (an operator then resets the factor)."""
        try:
            return signing_box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return t("내 기기", "My device") if count == 0 else t("내 기기 {n}", "My device {n}", n=count + 1)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Adding a passkey: a name by which one tells one's devices apart, and signing in with it alone unless one wants otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = t("이 기기의 이름", "Name of this device")
        self.fields["passwordless"].label = t("비밀번호 없이 로그인", "Sign in without a password")
        self.fields["passwordless"].help_text = t(
            "다음부터 이 패스키 하나로 로그인합니다. 지문, 얼굴이나 기기의 잠금 번호로 본인을 확인합니다.",
            "From now on this passkey alone signs you in, by fingerprint, face or the device's code.",
        )
        self.fields["passwordless"].initial = True


class OtherServiceAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """People who come from an OpenID Connect service: their name is taken over, their address only when that service confirmed it."""

    def get_requests_session(self) -> Outward:
        """For the service's own addresses and public ones (gongmo.web.outward)."""
        apps: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"].get("APPS", [])
        return Outward(frozenset(urlsplit(app["settings"]["server_url"]).netloc.lower() for app in apps))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        name = " ".join(str(data.get("name") or data.get("username") or "").split())
        user.display_name = name[:80] or t("이름 없음", "No name")
        user.email = user.email.lower()
        user.language = getattr(request, "LANGUAGE_CODE", "ko")
        return user

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Only into an account whose owner has confirmed that very address here, too."""
        from allauth.account.models import EmailAddress

        return bool(EmailAddress.objects.filter(email__iexact=email, verified=True).exists())

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "display_name": sociallogin.user.display_name}


def known_here(request: HttpRequest) -> list[str]:
    """Accounts that have signed in with this browser before; empty for a forged or old cookie."""
    try:
        told = signing.loads(request.COOKIES.get(KNOWN_COOKIE, ""), salt=_KNOWN_SALT, max_age=_KNOWN_AGE)
    except signing.BadSignature:
        return []
    return [str(each) for each in told] if isinstance(told, list) else []


def signing_box() -> Fernet:
    """Encryption of second-factor secrets with a key that is derived from SECRET_KEY."""
    key = hashlib.sha256(b"gongmo.mfa:" + str(settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _login_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").strip().lower()
