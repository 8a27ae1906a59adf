"""Handing SMS to Twilio, or to another server that speaks its API, through Twilio's own client."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from linecard.delivery.outcome import (
    Accepted,
    Away,
    Outcome,
    Permanent,
    Refused,
    Temporary,
    Unknown,
    readable,
)

API_URL = "https://api.twilio.com"
TIMEOUT_SECONDS = 30.0

# The client tells its log of every request, with numbers and texts: only what goes wrong is for ours.
_log = logging.getLogger("linecard.delivery.twilio")
_log.setLevel(logging.WARNING)

_NOT_LET_IN = frozenset((401, 403, 404))
_LATER = frozenset((429, 503))
_FIRST_SERVER_ERROR = 500
_ELSEWHERE = (
    3  # the first digit of an answer that names another address: the base URL is not that of the service
)
MAX_SID = 100


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """An account. SMS come from ``from_number``, or from a number that ``messaging_service_sid`` chooses."""

    account_sid: str
    auth_token: str = field(repr=False)
    from_number: str = ""
    messaging_service_sid: str = ""
    api_base_url: str = ""
    timeout: float = TIMEOUT_SECONDS


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """Asks another server where one is set. No request is ever repeated: it might send an SMS twice."""

    def __init__(self, gateway: SmsGateway) -> None:
        super().__init__(timeout=gateway.timeout, logger=_log)
        self._base_url = (gateway.api_base_url or API_URL).rstrip("/")
        self.session.trust_env = False  # no password from a .netrc instead of ours
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=0))

    def request(self, method: str, url: str, *args: Any, **named: Any) -> Any:
        """As the client's own, at the server that is set."""
        return super().request(method, self._base_url + url.removeprefix(API_URL), *args, **named)

    def close(self) -> None:
        """Close the connections."""
        self.session.close()


class SmsConnection:
    """Connections to the service, kept for many messages."""

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway
        self._http = _Http(gateway)
        self._client = Client(gateway.account_sid, gateway.auth_token, http_client=self._http)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def check(self) -> Outcome:
        """Ask for the account, and send nothing."""

        def ask() -> Accepted:
            account = self._client.api.v2010.accounts(self._gateway.account_sid).fetch()
            return Accepted(words=readable(f"{account.friendly_name}: {account.status}"))

        return self._told(ask)

    def hand_over(self, *, recipient: str, text: str, status_callback: str = "") -> Outcome:
        """Hand one SMS over. ``status_callback`` is where its fate is told. What goes wrong is told, never raised."""
        given = {"to": recipient, "body": text}
        if self._gateway.messaging_service_sid:
            given["messaging_service_sid"] = self._gateway.messaging_service_sid
        else:
            given["from_"] = self._gateway.from_number
        if status_callback:
            given["status_callback"] = status_callback

        def send() -> Accepted:
            sid = self._client.messages.create(**given).sid
            if not (isinstance(sid, str) and sid.isalnum() and len(sid) <= MAX_SID):
                raise ValueError(sid)
            return Accepted(reference=sid)

        return self._told(send)

    def _told(self, ask: Any) -> Outcome:
        try:
            accepted: Accepted = ask()
        except TwilioRestException as error:
            return _declined(error)
        except requests.exceptions.SSLError as error:
            return Refused(readable(f"The SMS service’s certificate is not trusted: {_innermost(error)}"))
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            return Refused(readable(f"The base URL cannot be used: {error}"))
        except requests.exceptions.RequestException as error:
            return _lost(error)
        except TwilioException as error:
            return Refused(readable(str(error)))
        except (AttributeError, KeyError, TypeError, ValueError):  # an answer that is not Twilio's
            return Unknown("The SMS service’s answer cannot be read.")
        return accepted


def _declined(error: TwilioRestException) -> Outcome:
    # the client puts what it was doing before what the service said
    said = error.msg.removeprefix("Unable to create record: ").removeprefix("Unable to fetch record: ")
    told = readable(f"{error.code or error.status}: {said}")
    if error.status in _NOT_LET_IN or error.status // 100 == _ELSEWHERE:
        return Refused(told)
    if error.status in _LATER:
        return Temporary(told)
    # a server in trouble may have taken the message before it fell
    return Unknown(told) if error.status >= _FIRST_SERVER_ERROR else Permanent(told)


def _lost(error: requests.exceptions.RequestException) -> Outcome:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    ):
        return Away(readable(f"The SMS service cannot be reached: {_innermost(error)}"))
    return Unknown(readable(f"The SMS service was lost: {_innermost(error)}"))


def _innermost(error: BaseException) -> str:
    if isinstance(error, requests.exceptions.Timeout):
        return "it did not answer in time."
    while error.__context__ is not None and not isinstance(error, OSError | MaxRetryError):
        error = error.__context__
    found: BaseException | None = error
    while found is not None:
        if type(found).__module__ == "builtins" and isinstance(found, OSError) and found.strerror:
            return str(found.strerror)
        found = found.__context__
    return str(error)


def signature_is_valid(auth_token: str, url: str, parameters: Mapping[str, str], signature: str) -> bool:
    """Whether a call-back to ``url`` with these form parameters was signed with the account's token."""
    if not auth_token or not signature:
        return False
    return bool(RequestValidator(auth_token).validate(url, dict(parameters), signature))
