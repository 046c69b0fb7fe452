"""The icons that departments and items can have. Editors choose among these, because the sprite
that browsers load holds no others."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sign:
    """An icon of the set with the word that editors choose it by."""

    icon: str
    label: Promise | str


SIGNS = (
    Sign(icon="shopping-bag", label=_("Bag")),
    Sign(icon="device-laptop", label=_("Laptop")),
    Sign(icon="device-desktop", label=_("Monitor")),
    Sign(icon="device-mobile", label=_("Mobile phone")),
    Sign(icon="phone", label=_("Telephone")),
    Sign(icon="keyboard", label=_("Keyboard")),
    Sign(icon="headphones", label=_("Headphones")),
    Sign(icon="printer", label=_("Printer")),
    Sign(icon="plug", label=_("Plug")),
    Sign(icon="apps", label=_("Programs")),
    Sign(icon="database", label=_("Database")),
    Sign(icon="server", label=_("Server")),
    Sign(icon="cloud", label=_("Cloud")),
    Sign(icon="wifi", label=_("Wi-Fi")),
    Sign(icon="mail", label=_("Mail")),
    Sign(icon="video", label=_("Video")),
    Sign(icon="key", label=_("Key")),
    Sign(icon="lock", label=_("Lock")),
    Sign(icon="shield-lock", label=_("Shield")),
    Sign(icon="folder-share", label=_("Shared folder")),
    Sign(icon="id-badge-2", label=_("Badge")),
    Sign(icon="user-plus", label=_("New person")),
    Sign(icon="user-minus", label=_("Leaver")),
    Sign(icon="user-check", label=_("Checked person")),
    Sign(icon="users", label=_("People")),
    Sign(icon="users-group", label=_("Group")),
    Sign(icon="beach", label=_("Leave")),
    Sign(icon="baby-carriage", label=_("Family")),
    Sign(icon="heart", label=_("Health")),
    Sign(icon="first-aid-kit", label=_("First aid")),
    Sign(icon="school", label=_("Training")),
    Sign(icon="certificate", label=_("Certificate")),
    Sign(icon="language", label=_("Language")),
    Sign(icon="calendar", label=_("Calendar")),
    Sign(icon="clock", label=_("Clock")),
    Sign(icon="briefcase", label=_("Briefcase")),
    Sign(icon="plane", label=_("Journey")),
    Sign(icon="coin", label=_("Coin")),
    Sign(icon="cash", label=_("Cash")),
    Sign(icon="credit-card", label=_("Card")),
    Sign(icon="receipt", label=_("Receipt")),
    Sign(icon="file-invoice", label=_("Invoice")),
    Sign(icon="report-money", label=_("Budget")),
    Sign(icon="building-bank", label=_("Bank")),
    Sign(icon="scale", label=_("Scales")),
    Sign(icon="gavel", label=_("Gavel")),
    Sign(icon="signature", label=_("Signature")),
    Sign(icon="file-text", label=_("Document")),
    Sign(icon="shield-check", label=_("Privacy")),
    Sign(icon="copyright", label=_("Copyright")),
    Sign(icon="building", label=_("Building")),
    Sign(icon="building-community", label=_("City")),
    Sign(icon="door", label=_("Door")),
    Sign(icon="armchair", label=_("Chair")),
    Sign(icon="desk", label=_("Desk")),
    Sign(icon="bulb", label=_("Light")),
    Sign(icon="temperature", label=_("Climate")),
    Sign(icon="tools", label=_("Repair")),
    Sign(icon="spray", label=_("Cleaning")),
    Sign(icon="coffee", label=_("Catering")),
    Sign(icon="car", label=_("Car")),
    Sign(icon="parking", label=_("Parking")),
    Sign(icon="bike", label=_("Bicycle")),
    Sign(icon="truck", label=_("Transport")),
    Sign(icon="package", label=_("Parcel")),
    Sign(icon="trash", label=_("Waste")),
    Sign(icon="recycle", label=_("Recycling")),
    Sign(icon="tree", label=_("Tree")),
    Sign(icon="paw", label=_("Animal")),
    Sign(icon="road", label=_("Road")),
    Sign(icon="traffic-lights", label=_("Traffic")),
    Sign(icon="droplet", label=_("Water")),
    Sign(icon="home", label=_("House")),
    Sign(icon="map-pin", label=_("Place")),
    Sign(icon="speakerphone", label=_("Announcement")),
    Sign(icon="messages", label=_("Conversation")),
    Sign(icon="presentation", label=_("Presentation")),
    Sign(icon="chart-bar", label=_("Figures")),
    Sign(icon="help-circle", label=_("Question")),
    Sign(icon="layout-grid", label=_("Other")),
)


def sign_choices() -> list[tuple[str, Promise | str]]:
    """For forms; a function, so that a new icon is no change of the table."""
    return [(sign.icon, sign.label) for sign in SIGNS]
