from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import acting, boards, release

app_name = "releases"

urlpatterns = [
    path("", release.ReleaseList.as_view(), name="list"),
    path("new/", acting.New.as_view(), name="new"),
    path("boards/", boards.BoardReleases.as_view(), name="boards"),
    path("boards/<record:number>/", boards.GoOrNoGo.as_view(), name="go"),
    path("versions/", release.Versions.as_view(), name="versions"),
    path("<record:number>/", release.ReleasePage.as_view(), name="release"),
    path("<record:number>/decide/", acting.Decide.as_view(), name="decide"),
    path("<record:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("<record:number>/changes/add/", acting.AddChange.as_view(), name="add_change"),
    path(
        "<record:number>/changes/<record:change>/off/",
        acting.RemoveChange.as_view(),
        name="remove_change",
    ),
    path("<record:number>/groups/add/", acting.AddWave.as_view(), name="add_wave"),
    path("<record:number>/groups/<int:pk>/off/", acting.RemoveWave.as_view(), name="remove_wave"),
    path(
        "<record:number>/deployments/<int:pk>/<slug:verb>/",
        acting.Deploy.as_view(),
        name="deployment",
    ),
]
