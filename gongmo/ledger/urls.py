"""Addresses of the record's public side."""

from django.urls import path

from gongmo.ledger import views

app_name = "ledger"

urlpatterns = [
    path("record/", views.record, name="record"),
    path("record/checkpoints.json", views.checkpoints, name="checkpoints"),
    path("record/consistency.json", views.consistency, name="consistency"),
]
