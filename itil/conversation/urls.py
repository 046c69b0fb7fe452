from django.urls import path

from . import views

app_name = "conversation"

urlpatterns = [path("<uuid:uuid>/", views.attachment, name="attachment")]
