"""Addresses of the custody of personal data."""

from django.urls import path

from gongmo.custody import views

app_name = "custody"

urlpatterns = [
    path("privacy/reason/", views.give_reason, name="give_reason"),
]
