"""Only the addresses of uploads, for tests of the protocol itself; tests/security has them in their place in the house."""

from django.urls import include, path

urlpatterns = [path("", include("gongmo.files.urls"))]
