"""The composition root's addresses: the web floor's own, sign-in, and every app's pages (each app names its own paths)."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from gongmo.web import design, home, signing_out, verify, views
from gongmo.web.routing import app, apps

_web: tuple[list[URLPattern], str] = (
    [
        path("", home.home, name="home"),
        path("clock/", views.clock, name="clock"),
        path("language/", views.language, name="language"),
        path("contrast/", views.contrast, name="contrast"),
        path("act-as/", views.act_as, name="act_as"),
        path("design/", design.design, name="design"),
        path("record/verify/", verify.verify, name="verify"),
    ],
    "web",
)

_every: list[URLPattern | URLResolver] = [
    app(_web),
    path("accounts/logout/", signing_out.SignOut.as_view(), name="account_logout"),
    path("accounts/", include("allauth.urls")),
]
for _app in settings.GONGMO_APPS:
    if _app != "gongmo.web" and find_spec(f"{_app}.urls") is not None:
        _every.append(app(f"{_app}.urls"))
urlpatterns: list[URLPattern | URLResolver] = [apps(_every)]

handler400 = "gongmo.web.errors.bad_request"
handler403 = "gongmo.web.errors.forbidden"
handler404 = "gongmo.web.errors.not_found"
handler429 = "gongmo.web.errors.too_many"
handler500 = "gongmo.web.errors.server_error"
