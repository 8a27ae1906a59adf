"""How an invoice schedule is chosen."""

from django import forms
from django.utils.translation import gettext

from linecard.customers.fields import WEEKDAYS, InvoiceScheduleField
from linecard.web.forms.controls import ListWidget, widget_for


@widget_for.register
def invoice_schedule_widget(declared: InvoiceScheduleField) -> forms.Widget:
    """A list of all schedules."""
    weekly = [
        (f"weekly:{day}", gettext("Weekly, on {day}").format(day=gettext(name)))
        for day, name in enumerate(WEEKDAYS, 1)
    ]
    monthly = [(f"monthly:{day}", gettext("Monthly, on day {day}").format(day=day)) for day in range(1, 29)]
    choices = [
        ("none", gettext("None")),
        ("daily", gettext("Daily")),
        (gettext("Weekly"), weekly),
        (gettext("Monthly"), monthly),
    ]
    return ListWidget(choices=choices)
