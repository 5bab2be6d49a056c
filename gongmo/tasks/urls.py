"""Addresses of the operator's page of the queue."""

from django.urls import path

from gongmo.tasks import views

app_name = "tasks"

urlpatterns = [
    path("tasks/", views.tasks, name="list"),
    path("tasks/<uuid:pk>/again/", views.again, name="again"),
]
