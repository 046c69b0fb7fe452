"""Paths of estimates, under /billing/estimates/."""

from django.urls import path

from .views import answering, drafting, fragment, listing, paper, record

app_name = "estimates"
urlpatterns = [
    path("", listing.Estimates.as_view(), name="list"),
    path("accuracy/", listing.Accuracy.as_view(), name="accuracy"),
    path("mine/", answering.Addressed.as_view(), name="addressed"),
    path("answer/<str:token>/", answering.answer_by_link, name="answer"),
    path("answer/<str:token>/pdf/", paper.pdf_by_link, name="answer-pdf"),
    path("about/<str:number>/", fragment.OfTicket.as_view(), name="of-ticket"),
    path("new/<str:number>/", drafting.New.as_view(), name="new"),
    path("<uuid:uuid>/", record.Detail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/", drafting.Edit.as_view(), name="edit"),
    path("<uuid:uuid>/send/", record.Send.as_view(), name="send"),
    path("<uuid:uuid>/version/", record.NewVersion.as_view(), name="version"),
    path("<uuid:uuid>/delete/", record.ThrowAway.as_view(), name="delete"),
    path("<uuid:uuid>/pdf/", paper.Pdf.as_view(), name="pdf"),
    path("<uuid:uuid>/reply/", answering.answer, name="reply"),
    path("<uuid:uuid>/reply/pdf/", paper.own_pdf, name="reply-pdf"),
]
