"""Addresses of the overview."""

from django.urls import path

from gongmo.oversight import views

app_name = "oversight"

urlpatterns = [
    path("oversight/", views.calls, name="calls"),
    path("oversight/<slug:slug>/", views.call, name="call"),
    path("oversight/<slug:slug>/regions/<str:code>/", views.region, name="region"),
    path("oversight/<slug:slug>/export/<slug:form>/", views.export, name="export"),
]
