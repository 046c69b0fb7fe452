from django.urls import path
from wagtail.images.views.serve import ServeView

from . import views

app_name = "knowledgebase"

# Pictures are handed out by signed addresses, so that the media folder, which also holds the
# files of tickets, is never open to browsers.
picture = ServeView.as_view()
PICTURE = "pictures/<str:signature>/<int:image_id>/<str:filter_spec>/"

urlpatterns = [
    path("answers/<int:pk>/feedback/", views.feedback, name="feedback"),
    path(PICTURE, picture, name="picture"),
    path(f"{PICTURE}<str:filename>", picture),
]
