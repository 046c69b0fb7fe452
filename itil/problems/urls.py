from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import acting, analysing, candidates, incidents, listing, opening, problem

app_name = "problems"

urlpatterns = [
    path("", listing.Problems.as_view(), name="list"),
    path("new/", opening.NewProblem.as_view(), name="new"),
    path("from/<record:number>/", opening.FromIncident.as_view(), name="from_incident"),
    path("candidates/", candidates.Candidates.as_view(), name="candidates"),
    path("candidates/<int:pk>/", candidates.CandidatePage.as_view(), name="candidate"),
    path("candidates/<int:pk>/open/", candidates.OpenFrom.as_view(), name="open_from"),
    path("candidates/<int:pk>/dismiss/", candidates.Dismiss.as_view(), name="dismiss"),
    path("<record:number>/", problem.ProblemPage.as_view(), name="problem"),
    path("<record:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("<record:number>/known-error/", acting.KnownError.as_view(), name="known_error"),
    path("<record:number>/analysis/", analysing.Analysis.as_view(), name="analysis"),
    path("<record:number>/whys/", analysing.Whys.as_view(), name="whys"),
    path("<record:number>/fishbone/", analysing.Fishbone.as_view(), name="fishbone"),
    path("<record:number>/review/", analysing.Review.as_view(), name="review"),
    path("<record:number>/workaround/", analysing.WriteWorkaround.as_view(), name="workaround"),
    path("<record:number>/publish/", incidents.Publish.as_view(), name="publish"),
    path("<record:number>/incidents/", incidents.LinkIncidents.as_view(), name="link"),
    path(
        "<record:number>/incidents/<record:incident>/unlink/",
        incidents.Unlink.as_view(),
        name="unlink",
    ),
    path("<record:number>/solve/", incidents.Solve.as_view(), name="solve"),
]
