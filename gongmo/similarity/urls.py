"""Addresses of the duplication check and of the corpus."""

from django.urls import path

from gongmo.similarity.views import checking, corpus

app_name = "similarity"

urlpatterns = [
    path("corpus/", corpus.corpus, name="corpus"),
    path("corpus/begin/", corpus.begin, name="begin"),
    path("corpus/find/", corpus.find, name="find"),
    path("corpus/list.xlsx", corpus.template, name="template"),
    path("corpus/imports/<import:pk>/", corpus.one_import, name="import"),
    path("corpus/imports/<import:pk>/confirm/", corpus.confirm, name="confirm"),
    path("corpus/imports/<import:pk>/drop/", corpus.drop, name="drop"),
    path("corpus/projects/<project:pk>/", corpus.project, name="project"),
    path("screening/<slug:slug>/similar/", checking.overview, name="overview"),
    path("screening/<slug:slug>/similar/look/", checking.look, name="look_all"),
    path(
        "screening/<slug:slug>/similar/pairs/<application:left>/<application:right>/",
        checking.pair,
        name="pair",
    ),
    path("screening/<slug:slug>/<application:pk>/similar/", checking.one, name="one"),
    path("screening/<slug:slug>/<application:pk>/similar/look/", checking.look, name="look"),
    path("screening/<slug:slug>/<application:pk>/similar/judge/", checking.judge, name="judge"),
    path("screening/<slug:slug>/<application:pk>/similar/conclude/", checking.conclude, name="conclude"),
    path("applications/<application:pk>/similar/", checking.application, name="application"),
    path("similar-judgements/<judgement:pk>/file/", checking.evidence, name="evidence"),
]
