"""The messaging room as a Django app."""

from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop

from linecard.web.shell import CONFIG, INFORMATION, NavigationItem, navigation


class MessagingConfig(AppConfig):
    """Label ``messaging``."""

    name = "linecard.messaging"
    label = "messaging"

    def ready(self) -> None:
        post_migrate.connect(_make_stock_templates, sender=self)
        from linecard.accounts.live import register_live_grid
        from linecard.accounts.permissions import may
        from linecard.accounts.templating import seen_with
        from linecard.audit.subjects import Subject, register
        from linecard.customers.card_parts import CardPart, register_part
        from linecard.customers.tables import CUSTOMERS
        from linecard.messaging.models import MessageTemplate, Send
        from linecard.messaging.queries import log_of, visible_sends
        from linecard.messaging.spelling import find_send_job
        from linecard.messaging.tables import log_name, log_screen_of, sends_screen
        from linecard.messaging.words import Channel
        from linecard.web import jobs
        from linecard.web.grid import places, verbs

        logs = ((Channel.EMAIL, gettext_noop("Email log")), (Channel.SMS, gettext_noop("SMS log")))
        all_sends = places.Place(
            url_name="messaging:sends", screen=lambda _: sends_screen(), rows=visible_sends
        )
        places.register("sends", all_sends)
        register_live_grid("sends", area="messages")
        navigation.register(
            NavigationItem(
                gettext_noop("Sends"),
                "messaging:sends",
                INFORMATION,
                order=16,
                visible=seen_with("messages", "read"),
            )
        )
        for order, (channel, label) in enumerate(logs, 17):
            name = log_name(channel)
            place = places.Place(
                url_name=f"messaging:{name}",
                screen=partial(log_screen_of, channel),
                rows=partial(log_of, channel),
            )
            places.register(name, place)
            register_live_grid(name, area="messages")
            log = NavigationItem(
                label, f"messaging:{name}", INFORMATION, order=order, visible=seen_with("messages", "read")
            )
            navigation.register(log)
        jobs.register(find_send_job)
        register(
            Subject(
                type="message_send",
                label=gettext_noop("Send"),
                names=lambda ids: {send.pk: str(send) for send in Send.objects.filter(pk__in=ids)},
                page="messaging:send",
            )
        )
        navigation.register(
            NavigationItem(
                gettext_noop("Templates"),
                "messaging:templates",
                CONFIG,
                order=10,
                visible=seen_with("settings", "read", staff_only=True),
            )
        )
        register(
            Subject(
                type="message_template",
                label=gettext_noop("Template"),
                names=lambda ids: {one.pk: str(one) for one in MessageTemplate.objects.filter(pk__in=ids)},
                page="messaging:template",
            )
        )
        register_part(
            CardPart(
                label=gettext_noop("Messages"),
                url_name="messaging:of-card",
                icon="mail",
                visible=lambda user: may(user, "messages", "read"),
            )
        )
        verbs.register(
            verbs.Verb(
                grid=CUSTOMERS.name,
                button="messaging/send_button.html",
                dialog="messaging/send_dialog.html",
                script="messaging/send.js",
                style="messaging/send.css",
                visible=seen_with("messages", "create"),
            )
        )


def _make_stock_templates(using: str, **_: Any) -> None:
    """After each migration: a new version may bring further ones."""
    from linecard.messaging.stock import make_stock_templates

    make_stock_templates(using)
