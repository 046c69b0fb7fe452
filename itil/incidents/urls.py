from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import majors, opening, outages, reviewing

app_name = "incidents"

urlpatterns = [
    path("new/", opening.NewIncident.as_view(), name="new"),
    path("new/people/", opening.PeopleFound.as_view(), name="people"),
    path("<record:number>/outage/", outages.Outage.as_view(), name="outage"),
    path("major/", majors.Board.as_view(), name="board"),
    path("major/now/", majors.Banner.as_view(), name="banner"),
    path("major/<record:number>/", majors.MajorPage.as_view(), name="major"),
    path("major/<record:number>/propose/", majors.Propose.as_view(), name="propose"),
    path("major/<record:number>/accept/", majors.Accept.as_view(), name="accept"),
    path("major/<record:number>/reject/", majors.Reject.as_view(), name="reject"),
    path("major/<record:number>/demote/", majors.Demote.as_view(), name="demote"),
    path("major/<record:number>/people-and-notice/", majors.People.as_view(), name="arrange"),
    path("major/<record:number>/update/", majors.Update.as_view(), name="update"),
    path("major/<record:number>/review/", reviewing.Review.as_view(), name="review"),
]
