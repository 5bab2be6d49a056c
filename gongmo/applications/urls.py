"""Addresses of the applications' pages."""

from django.urls import path

from gongmo.applications.views import (
    arrivals,
    consortium,
    documents,
    money,
    overview,
    papers,
    reading,
    saving,
    starting,
    statements,
    submitting,
)

app_name = "applications"

urlpatterns = [
    path("calls/<slug:slug>/apply/", starting.start, name="start"),
    path("calls/<slug:slug>/apply/organisation/", starting.register, name="register"),
    path("calls/<slug:slug>/arrivals/", arrivals.arrivals, name="arrivals"),
    path("calls/<slug:slug>/arrivals/undo/", arrivals.undo, name="undo_arrival"),
    path("calls/<slug:slug>/arrivals.csv", arrivals.export, {"form": "csv"}, name="arrivals_csv"),
    path("calls/<slug:slug>/arrivals.xlsx", arrivals.export, {"form": "xlsx"}, name="arrivals_xlsx"),
    path("applications/", reading.applications, name="list"),
    path("applications/<int:pk>/", reading.application, name="application"),
    path("applications/<int:pk>/save/", saving.save, name="save"),
    path("applications/<int:pk>/changes/", saving.changes, name="changes"),
    path("applications/<int:pk>/overview/", overview.overview, name="overview"),
    path("applications/<int:pk>/members/", consortium.members, name="members"),
    path("applications/<int:pk>/members/invite/", consortium.invite, name="invite"),
    path("applications/<int:pk>/money/", money.money, name="money"),
    path("applications/<int:pk>/statements/", statements.statements, name="statements"),
    path("applications/<int:pk>/documents/", documents.documents, name="documents"),
    path("applications/<int:pk>/documents/attach/", documents.attach, name="attach"),
    path("applications/<int:pk>/submit/", submitting.submit, name="submit"),
    path("applications/<int:pk>/withdraw/", submitting.withdraw, name="withdraw"),
    path("applications/<int:pk>/receipt/", reading.receipt, name="receipt"),
    path("applications/<int:pk>/receipt.json", reading.receipt_json, name="receipt_json"),
    path("applications/<int:pk>/receipt.pdf", reading.receipt_pdf, name="receipt_pdf"),
    path("applications/<int:pk>/versions/", reading.versions, name="versions"),
    path("applications/<int:pk>/versions/<int:revision>/restore/", reading.restore, name="restore"),
    path("applications/<int:pk>/papers/<slug:kind>/", papers.paper, name="paper"),
    path("applications/<int:pk>/papers/<slug:kind>/<int:member>/", papers.paper, name="paper"),
    path("applications/<int:pk>/papers/<slug:kind>/paper.<str:form>", papers.download, name="paper_file"),
    path(
        "applications/<int:pk>/papers/<slug:kind>/<int:member>/paper.<str:form>",
        papers.download,
        name="paper_file",
    ),
    path("applications/<int:pk>/sign/", papers.sign, name="sign"),
    path("applications/<int:pk>/renew-paper/", papers.renew, name="renew_paper"),
    path("application-signatures/<int:pk>/withdraw/", papers.unsign, name="unsign"),
    path("application-documents/<int:pk>/", documents.document, name="document"),
    path("application-documents/<int:pk>/detach/", documents.detach, name="detach"),
    path("application-documents/<int:pk>/reinstate/", documents.reinstate, name="reinstate"),
    path("application-members/<int:pk>/answer/", consortium.answer, name="answer"),
    path("application-members/<int:pk>/remove/", consortium.remove, name="remove"),
    path("application-members/<int:pk>/assets/", consortium.assets, name="assets"),
]
