from django.urls import path

from .views import answering, deciding, files, mailing

app_name = "approvals"

urlpatterns = [
    path("", deciding.list_approvals, name="list"),
    path("<uuid:uuid>/", deciding.show_approval, name="vote"),
    path("<uuid:uuid>/decide/", deciding.decide, name="decide"),
    path("<uuid:uuid>/withdraw/", deciding.withdraw, name="withdraw"),
    path("<uuid:uuid>/ask/", deciding.ask, name="ask"),
    path("<uuid:uuid>/files/<int:number>/", files.open_file, name="file"),
    path("questions/<uuid:uuid>/", answering.answer_question, name="question"),
    path("mail/<str:token>/", mailing.decide_by_mail, name="mail"),
]
