"""What sign-up asks besides e-mail and password."""

from django import forms
from django.http import HttpRequest

from gongmo.parties.models import Person
from gongmo.web.jinja import t


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
        user.display_name = self.cleaned_data["display_name"]
        user.language = getattr(request, "LANGUAGE_CODE", "ko")
        user.save(update_fields=["display_name", "language"])
