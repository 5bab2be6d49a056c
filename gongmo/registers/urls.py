"""Addresses of the registers' own pages."""

from django.urls import path

from gongmo.registers import views

app_name = "registers"

urlpatterns = [
    path("registers/", views.health, name="health"),
    path("registers/<slug:register>/try/", views.try_now, name="try"),
    path("organisations/<organisation:pk>/registers/", views.organisation, name="organisation"),
    path("organisations/<organisation:pk>/address/", views.address, name="address"),
]
