"""Addresses of the status and of the operator's page."""

from django.urls import path

from gongmo.operation import views

app_name = "operation"

urlpatterns = [
    path("status/", views.status, name="status"),
    path("status.json", views.status_json, name="status_json"),
    path("metrics", views.metrics, name="metrics"),
    path("operation/", views.overview, name="overview"),
    path("operation/notices/", views.announce, name="announce"),
    path("operation/notices/<announcement:pk>/withdraw/", views.withdraw, name="withdraw"),
]
