"""Addresses of uploads. Stored files are served by the floors whose documents they are."""

from django.urls import path

from gongmo.files import views

app_name = "files"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<str:upload_id>/", views.upload, name="upload"),
    path("uploads/<str:upload_id>/finish/", views.finish, name="finish"),
]
