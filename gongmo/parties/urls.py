"""Addresses of people, organisations and the permission catalogue."""

from django.urls import path

from gongmo.parties import views

app_name = "parties"

urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("me/organisations/new/", views.new_organisation, name="new_organisation"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", views.edit_organisation, name="edit_organisation"),
    path("organisations/<int:pk>/invite/", views.invite, name="invite"),
    path("organisations/<int:pk>/members/<int:place>/end/", views.end_place, name="end_place"),
    path("join/<str:token>/", views.join, name="join"),
    path("permissions/", views.permissions, name="policies"),
]
