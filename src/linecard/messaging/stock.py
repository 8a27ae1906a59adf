"""The templates that come with the program."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connections

from linecard.kernel.names import name_key
from linecard.messaging.models import MessageTemplate
from linecard.messaging.words import Channel
from linecard.messaging.writing.message import Texts


@dataclass(frozen=True, slots=True)
class Stock:
    """One of them."""

    channel: str
    name: str
    texts: Texts


_REGARDS = "\n\nKind regards,\n{{ company.name | default: 'Your carrier' }}"
_GREETING = "Dear {{ contact.name }},\n\n"

STOCK: Mapping[str, Stock] = {
    "maintenance": Stock(
        Channel.EMAIL,
        "Maintenance notice",
        Texts(
            "Planned maintenance",
            f"{_GREETING}we will carry out maintenance on our network on DATE from TIME to TIME (UTC). Calls of"
            f" {{{{ customer.name }}}} may be interrupted for a short time.{_REGARDS}",
        ),
    ),
    "low_balance": Stock(
        Channel.EMAIL,
        "Low balance",
        Texts(
            "Your credit is running low",
            f"{_GREETING}the credit left of {{{{ customer.name }}}} is {{{{ customer.credit_left }}}}. Please top up,"
            f" so that your calls go on.{_REGARDS}",
        ),
    ),
    "rates": Stock(
        Channel.EMAIL,
        "Change of rates",
        Texts(
            "Our rates change",
            f"{_GREETING}our rates change on DATE. Write to us for the new price list.{_REGARDS}",
        ),
    ),
    "welcome": Stock(
        Channel.EMAIL,
        "Welcome",
        Texts(
            "Welcome to {{ company.name | default: 'us' }}",
            "",
            "<p>Dear {{ contact.name }},</p>\n"
            "<p>the account <strong>{{ customer.name }}</strong> is ready.\n"
            "It is billed in {{ customer.currency }}.</p>\n"
            "<p>Kind regards,<br>{{ company.name | default: 'Your carrier' }}</p>",
        ),
    ),
    "sms_maintenance": Stock(
        Channel.SMS,
        "Maintenance, SMS",
        Texts(text="Maintenance on DATE from TIME to TIME UTC: calls may be interrupted. {{ company.name }}"),
    ),
    "sms_low_balance": Stock(
        Channel.SMS,
        "Low balance, SMS",
        Texts(
            text="{{ customer.name }}: credit left {{ customer.credit_left }}. Please top up. {{ company.name }}"
        ),
    ),
}


def is_customised(template: MessageTemplate) -> bool:
    """Whether one that came with the program says something else now."""
    if not template.stock:
        return False
    return STOCK[template.stock].texts != Texts(template.subject, template.text, template.html)


def make_stock_templates(using: str) -> None:
    """Make those that are missing; nothing where there is no table for them yet."""
    tables = connections[using].introspection.table_names()
    if MessageTemplate._meta.db_table not in tables:
        return
    templates = MessageTemplate.objects.using(using)
    there = set(templates.exclude(stock="").values_list("stock", flat=True))
    templates.bulk_create(
        [
            MessageTemplate(
                stock=key,
                channel=stock.channel,
                name=stock.name,
                name_key=name_key(stock.name),
                subject=stock.texts.subject,
                text=stock.texts.text,
                html=stock.texts.html,
            )
            for key, stock in STOCK.items()
            if key not in there
        ],
        ignore_conflicts=True,  # somebody may have given the name to their own
    )
