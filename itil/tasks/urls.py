from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import acting, bulk, files, inbox, planning, task

app_name = "tasks"


urlpatterns = [
    path("", inbox.Inbox.as_view(), name="inbox"),
    path("many/", bulk.ManyTasks.as_view(), name="many"),
    path("files/<uuid:uuid>/", files.evidence, name="file"),
    path("for/<record:number>/add/", planning.Add.as_view(), name="add"),
    path("<record:number>/", task.TaskPage.as_view(), name="task"),
    path("<record:number>/take/", acting.Take.as_view(), name="take"),
    path("<record:number>/assign/", acting.Assign.as_view(), name="assign"),
    path("<record:number>/hand-over/", acting.HandOver.as_view(), name="hand_over"),
    path("<record:number>/tick/", acting.Tick.as_view(), name="tick"),
    path("<record:number>/finish/", acting.Finish.as_view(), name="finish"),
    path("<record:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("<record:number>/again/", planning.Again.as_view(), name="again"),
    path("<record:number>/wait-for/", planning.WaitFor.as_view(), name="wait_for"),
]
