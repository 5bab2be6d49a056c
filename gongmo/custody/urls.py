"""Addresses of the custody of personal data."""

from django.urls import path

from gongmo.custody import views

app_name = "custody"

urlpatterns = [
    path("privacy/reason/", views.give_reason, name="give_reason"),
    path("privacy/retention/", views.retention, name="retention"),
    path("privacy/retention/<destruction:pk>/", views.destruction, name="destruction"),
    path("privacy/retention/<destruction:pk>/certificate.<str:form>", views.certificate, name="certificate"),
    path(
        "privacy/retention/people/<person_erasure:pk>/", views.person_destruction, name="person_destruction"
    ),
    path(
        "privacy/retention/people/<person_erasure:pk>/certificate.<str:form>",
        views.person_certificate,
        name="person_certificate",
    ),
    path("privacy/me/", views.own, name="own"),
    path("privacy/me/data.zip", views.own_file, name="own_file"),
    path("privacy/review/", views.reviews, name="reviews"),
    path("privacy/review/<str:month>/<slug:scope>/", views.month, name="month"),
    path("privacy/review/<str:month>/<slug:scope>/people/<person:person>/", views.person, name="person"),
    path(
        "privacy/review/<str:month>/<slug:scope>/access.xlsx", views.export, {"form": "xlsx"}, name="export"
    ),
    path("privacy/review/<str:month>/<slug:scope>/access.csv", views.export, {"form": "csv"}, name="export"),
]
