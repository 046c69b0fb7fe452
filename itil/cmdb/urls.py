from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from .views import acting, editing, importing, item, labels, listing, picture, portfolio, relating

app_name = "cmdb"

urlpatterns = [
    path("items/", listing.Items.as_view(), name="items"),
    path("items/new/", editing.ChooseClass.as_view(), name="choose_class"),
    path("items/new/<slug:slug>/", editing.NewItem.as_view(), name="new"),
    path("items/labels/make/", labels.MakeLabels.as_view(), name="make_labels"),
    path("items/labels/places/", labels.Places.as_view(), name="places"),
    path(
        "items/labels/places/<int:pk>/revoke/",
        labels.RevokePlaceLabel.as_view(),
        name="revoke_place_label",
    ),
    path("items/labels/", labels.Sheet.as_view(), name="sheet"),
    path("items/import/", importing.Upload.as_view(), name="upload"),
    path("items/import/<uuid:uuid>/", importing.Import.as_view(), name="import"),
    path("items/import/<uuid:uuid>/rejects.csv", importing.Rejects.as_view(), name="rejects"),
    path("items/<record:number>/", item.ItemPage.as_view(), name="item"),
    path("items/<record:number>/edit/", editing.EditItem.as_view(), name="edit"),
    path("items/<record:number>/move/<slug:verb>/", acting.Move.as_view(), name="move"),
    path("items/<record:number>/hand-over/", acting.HandOver.as_view(), name="hand_over"),
    path("items/<record:number>/take-back/", acting.TakeBack.as_view(), name="take_back"),
    path("items/<record:number>/relate/", relating.Relate.as_view(), name="relate"),
    path(
        "items/<record:number>/unrelate/<int:relation>/", acting.Unrelate.as_view(), name="unrelate"
    ),
    path("items/<record:number>/label/revoke/", acting.RevokeLabel.as_view(), name="revoke_label"),
    path("items/<record:number>/map/", picture.Map.as_view(), name="map"),
    path("items/<record:number>/impact/", picture.ImpactPage.as_view(), name="impact"),
    path("services/", portfolio.Services.as_view(), name="services"),
    path("services/<int:pk>/", portfolio.ServicePage.as_view(), name="service"),
]
