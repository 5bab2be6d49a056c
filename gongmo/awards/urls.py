"""Addresses of the board, negotiation, allocation and agreements."""

from django.urls import path

from gongmo.awards.views import (
    agreements,
    boards,
    cases,
    changes,
    joining,
    letters,
    negotiations,
    offers,
    regional,
    text,
)

app_name = "awards"

urlpatterns = [
    path("board/", boards.boards, name="boards"),
    path("board/<slug:slug>/", boards.board, name="board"),
    path("board/<slug:slug>/negotiations/", negotiations.negotiations, name="negotiations"),
    path("board/<slug:slug>/negotiations/open/", negotiations.open_negotiations, name="open_negotiations"),
    path("board/<slug:slug>/allocate/", negotiations.allocate, name="allocate"),
    path("negotiations/<negotiation:pk>/", offers.table, name="table"),
    path("negotiations/<negotiation:pk>/offers/new/", offers.offer, name="offer"),
    path("negotiations/<negotiation:pk>/offers/accept/", offers.accept, name="accept"),
    path(
        "negotiations/<negotiation:pk>/<slug:act>/",
        negotiations.act_on_negotiation,
        name="act_on_negotiation",
    ),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<agreement:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<agreement:pk>/calls/new/", regional.open_regional_call, name="regional_call"),
    path("agreements/<agreement:pk>/text/", text.text, name="text"),
    path("agreements/<agreement:pk>/text/<int:number>/", text.text, name="text_version"),
    path("agreements/<agreement:pk>/text/<int:number>/own/", text.upload_own, name="upload_own"),
    path("agreements/<agreement:pk>/text/<int:number>/<slug:kind>/", text.download, name="print"),
    path("agreements/<agreement:pk>/sign/", text.sign, name="sign"),
    path("agreements/<agreement:pk>/revise/", text.revise, name="revise"),
    path("agreements/<agreement:pk>/finish/", agreements.finish, name="finish"),
    path("agreements/<agreement:pk>/case/", cases.case, name="case"),
    path("agreements/<agreement:pk>/case/open/", cases.open_case, name="open_case"),
    path("agreements/<agreement:pk>/changes/", changes.changes, name="changes"),
    path("agreements/<agreement:pk>/changes/ask/", changes.ask, name="ask_amendment"),
    path("agreements/<agreement:pk>/changes/yearly/", changes.yearly, name="yearly"),
    path("agreements/<agreement:pk>/changes/renew/", changes.re_agree, name="re_agree"),
    path("agreements/<agreement:pk>/letters/", letters.letters, name="letters"),
    path("agreements/<agreement:pk>/changes/parties/", joining.ask, name="ask_party_change"),
    path("amendments/<amendment:pk>/join/", joining.join, name="join"),
    path("amendments/<amendment:pk>/files/<str:sha256>/", joining.file, name="amendment_file"),
    path("amendments/<amendment:pk>/<slug:act>/", changes.answer, name="answer_amendment"),
    path("cases/<case:pk>/files/<str:sha256>/", cases.case_file, name="case_file"),
    path("cases/<case:pk>/<slug:act>/", cases.act_on_case, name="act_on_case"),
]
