from django.urls import path

from portal.ui import converters  # noqa: F401 - makes <record:...> known

from . import views

app_name = "requests"

urlpatterns = [
    path("catalog/<slug:department>/<slug:item>/", views.OrderEntry.as_view(), name="order"),
    path("catalog/<slug:department>/<slug:item>/keep/", views.KeepEntry.as_view(), name="keep"),
    path("requests/order/", views.Cart.as_view(), name="cart"),
    path("requests/order/<uuid:uuid>/remove/", views.RemoveFromCart.as_view(), name="remove"),
    path("requests/orders/<record:number>/", views.BundlePage.as_view(), name="bundle"),
    path("requests/drafts/<uuid:uuid>/", views.OpenDraft.as_view(), name="draft"),
    path("requests/drafts/<uuid:uuid>/discard/", views.DiscardDraft.as_view(), name="discard"),
    path("requests/<record:number>/change/", views.ChangeRequest.as_view(), name="change"),
    path("requests/<record:number>/again/", views.OrderAgain.as_view(), name="again"),
    path("desk/requests/<record:number>/send-back/", views.SendBack.as_view(), name="send_back"),
    path("desk/tickets/<record:number>/to-request/", views.ToRequest.as_view(), name="to_request"),
    path(
        "desk/tickets/<record:number>/to-incident/", views.ToIncident.as_view(), name="to_incident"
    ),
]
