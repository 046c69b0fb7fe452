"""Paths of contracts, charges and time approval, under /billing/."""

from django.urls import path

from . import views
from .models import KilometreRate, PartPrice

app_name = "contracts"
urlpatterns = [
    path("contracts/", views.ContractList.as_view(), name="list"),
    path("contracts/new/", views.NewContract.as_view(), name="new"),
    path("contracts/rates/", views.PriceList.as_view(), name="rates"),
    path("contracts/rates/new/", views.NewGeneralRate.as_view(), name="new_rate"),
    path("contracts/rates/<int:pk>/remove/", views.RemoveGeneral.as_view(), name="remove_rate"),
    path("contracts/roles/new/", views.NewRole.as_view(), name="new_role"),
    path("contracts/roles/<int:pk>/remove/", views.RemoveRole.as_view(), name="remove_role"),
    path("contracts/coverage/<record:number>/", views.CoveragePanel.as_view(), name="coverage"),
    path("contracts/<uuid:uuid>/", views.Detail.as_view(), name="detail"),
    path("contracts/<uuid:uuid>/edit/", views.Edit.as_view(), name="edit"),
    path("contracts/<uuid:uuid>/rates/new/", views.NewRate.as_view(), name="add_rate"),
    path(
        "contracts/<uuid:uuid>/rates/<int:pk>/remove/",
        views.RemoveRate.as_view(),
        name="drop_rate",
    ),
    path(
        "contracts/<uuid:uuid>/kilometers/new/",
        views.NewKilometreRate.as_view(),
        name="add_kilometre",
    ),
    path(
        "contracts/<uuid:uuid>/kilometers/<int:pk>/remove/",
        views.RemovePrice.as_view(model_of_row=KilometreRate),
        name="drop_kilometre",
    ),
    path("contracts/<uuid:uuid>/parts/new/", views.NewPart.as_view(), name="add_part"),
    path(
        "contracts/<uuid:uuid>/parts/<int:pk>/remove/",
        views.RemovePrice.as_view(model_of_row=PartPrice),
        name="drop_part",
    ),
    path("material/of/<record:number>/", views.MaterialPanel.as_view(), name="material"),
    path("material/on/<record:number>/", views.UseMaterial.as_view(), name="use_material"),
    path("material/<uuid:uuid>/remove/", views.RemoveMaterial.as_view(), name="remove_material"),
    path("contracts/<uuid:uuid>/sell/", views.SellBlock.as_view(), name="sell"),
    path("contracts/<uuid:uuid>/retainer/", views.NewRetainer.as_view(), name="retainer"),
    path("charges/", views.ChargeList.as_view(), name="charges"),
    path("charges/new/", views.NewCharge.as_view(), name="new_charge"),
    path("charges/<uuid:uuid>/", views.ChargeDetail.as_view(), name="charge"),
    path("charges/<uuid:uuid>/accept/", views.AcceptCharge.as_view(), name="accept"),
    path("charges/<uuid:uuid>/reject/", views.RejectCharge.as_view(), name="reject"),
    path("charges/<uuid:uuid>/write-off/", views.WriteOffCharge.as_view(), name="write_off"),
    path("time/", views.TimeList.as_view(), name="time"),
    path("time/decide/", views.DecideTime.as_view(), name="decide_time"),
]
