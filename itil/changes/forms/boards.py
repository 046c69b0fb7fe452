"""Meetings of boards, votes and minutes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.approvals.voting import Decision
from itil.changes.models import BoardMeeting, Change
from portal.people.models import User
from portal.ui.fields import MomentField


class MeetingForm(forms.Form):
    starts_at = MomentField(label=_("Starts"))
    votes_until = MomentField(
        label=_("Votes count until"), help_text=_("A vote after that moment is refused.")
    )
    place = forms.CharField(label=_("Place or link"), max_length=200, required=False)


class AgendaForm(forms.Form):
    change = forms.ModelChoiceField(label=_("Change"), queryset=Change.objects.none())

    def __init__(self, *args: Any, meeting: BoardMeeting, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        free = Change.objects.visible_to(user).unfinished()
        self.fields["change"].queryset = free.exclude(agenda_items__meeting=meeting).order_by("-pk")


class VoteForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Your vote"), choices=Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason or condition"),
        help_text=_("Needed when you decline."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("New note"),
        help_text=_("Read by the desk and by this board, never by requesters."),
        error_messages={"required": _("Write what you want to note.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MinutesForm(forms.Form):
    """Who was there, what was said of each change, and in general."""

    present = forms.ModelMultipleChoiceField(
        label=_("Present"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remarks = forms.CharField(
        label=_("Remarks"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, meeting: BoardMeeting, **kwargs: Any):
        initial = {"present": list(meeting.present.all()), "remarks": meeting.remarks}
        super().__init__(*args, initial=initial, **kwargs)
        members = User.objects.filter(board_seats__board=meeting.board_id)
        self.fields["present"].queryset = members.order_by("name", "pk")
        self.items = list(meeting.agenda.select_related("change"))
        for item in self.items:
            self.fields[f"said_{item.pk}"] = forms.CharField(
                label=f"{item.change.number} {item.change.title}",
                initial=item.minutes,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def said(self) -> dict[int, str]:
        return {item.pk: self.cleaned_data[f"said_{item.pk}"] for item in self.items}
