"""The SMS service as it is set up."""

from django.utils.translation import gettext

from linecard.delivery.twilio import TIMEOUT_SECONDS, SmsGateway
from linecard.setup.queries import CurrentSettings


def sms_problem(settings: CurrentSettings) -> str:
    """What is missing before an SMS can be sent, as a sentence; empty when nothing is."""
    if not settings["sms.account_sid"]:
        return gettext("No account for SMS is set. An administrator sets one in Setup › Settings.")
    if not (settings["sms.from_number"] or settings["sms.messaging_service_sid"]):
        return gettext("No number is set that SMS come from. An administrator sets one in Setup › Settings.")
    return ""


def sms_gateway(settings: CurrentSettings, *, timeout: float = TIMEOUT_SECONDS) -> SmsGateway:
    """The service, waited for so many seconds. Raises ``Conflict`` when its token is unreadable."""
    return SmsGateway(
        account_sid=settings["sms.account_sid"],
        auth_token=settings.secret("sms.auth_token"),
        from_number=settings["sms.from_number"],
        messaging_service_sid=settings["sms.messaging_service_sid"],
        api_base_url=settings["sms.api_base_url"],
        timeout=timeout,
    )
