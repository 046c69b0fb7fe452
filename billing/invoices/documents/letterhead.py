"""What stands at the top and foot of every document: who it is from and to, in whose look."""

import base64
from collections.abc import Mapping
from mimetypes import guess_type
from typing import Any

from django.core.files.storage import default_storage

from billing.contracts.documents import Wording

ACCENT = "#2a56d0"


def letterhead_of(
    ours: Mapping[str, str], theirs: Mapping[str, str], wording: Wording, *, number: str
) -> dict[str, Any]:
    """The frame of a page: party details as text, the colour and the logo of the seller."""
    return {
        "number": number,
        "brand": ours["brand"],
        "accent": ours.get("accent") or ACCENT,
        "logo": _picture(ours.get("logo", "")),
        "logo_text": wording.say("logo_of", name=ours["brand"]),
        "seller": address_of(ours, wording),
        "buyer": address_of(theirs, wording),
        "footer": _footer(ours, wording),
        "contact": _contact(ours, wording),
        "say": {
            phrase: wording.say(phrase)
            for phrase in ("page", "of", "from", "bill_to", "for_whom", "draft", "draft_note")
        },
    }


def address_of(details: Mapping[str, str], wording: Wording) -> dict[str, Any]:
    """The name and the lines under it; empty lines are left out."""
    place = " ".join(text for text in (details["postcode"], details["city"]) if text)
    if details["country"]:
        place = ", ".join(text for text in (place, wording.country(details["country"])) if text)
    lines = [details["street"], place, details.get("email", "")]
    if details["vat_id"]:
        lines.append(wording.say("vat_number", number=details["vat_id"]))
    elif details.get("tax_number"):
        lines.append(wording.say("tax_number", number=details["tax_number"]))
    elif details.get("registration_number"):
        lines.append(wording.say("register_number", number=details["registration_number"]))
    return {"name": details["name"], "lines": [line for line in lines if line]}


def _footer(ours: Mapping[str, str], wording: Wording) -> str:
    place = " ".join(text for text in (ours["postcode"], ours["city"]) if text)
    address = ", ".join(text for text in (ours["street"], place) if text)
    vat = wording.say("vat_number", number=ours["vat_id"]) if ours["vat_id"] else ""
    parts = (ours["name"], address, vat, ours["registration"], ours.get("footer_text", ""))
    return " · ".join(text for text in parts if text)


def _contact(ours: Mapping[str, str], wording: Wording) -> str:
    ways = [way.replace(" ", "\u00a0") for way in (ours["email"], ours["phone"]) if way]
    return wording.say("questions", ways=" · ".join(ways)) if ways else ""


def _picture(name: str) -> str:
    """The stored logo as a data address, since a document may read nothing but itself."""
    if not name or not default_storage.exists(name):
        return ""
    kind, _encoding = guess_type(name)
    with default_storage.open(name) as file:
        return f"data:{kind};base64,{base64.b64encode(file.read()).decode()}"
