"""The API keeps what its document promises, whatever is sent: schemathesis tries every operation."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode, derive_operation_seed
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario

from linecard.accounts import actions as accounts
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.queries import visible_to
from linecard.importing import actions as importing
from linecard.kernel.clock import now
from linecard.messaging.actions import Written, begin_send
from linecard.messaging.models import MessageTemplate
from linecard.saved_views.actions import create_view
from tests.conftest import MakeCustomer

Case = schemathesis.Case[Any]

MAX_EXAMPLES = 10
MAX_WRONG_TYPES = 2

# JSON Schema cannot say that a name is taken, a currency exists or a text is TOML: such values are refused with 422,
# and a condition that is not met with 412. A text of the greatest length in the widest characters is more than a body
# may have: 413.
CONFIG: dict[str, Any] = {
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "304", "401", "403", "404", "409", "412", "413", "422"]
        },
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422"]
        },
    },
}

load_all_checks()
schema = schemathesis.openapi.from_wsgi(
    "/api/openapi.json",
    get_wsgi_application(),
    config=schemathesis.Config.from_dict(CONFIG),
)

OPERATIONS = {found.ok().label: found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)}

Ids = Mapping[str, int]


@pytest.fixture
def patient(db: None) -> Iterator[None]:
    """Keep the test's transaction through all requests."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def ids(patient: None, staff: User, make_customer: MakeCustomer, admin: User, north_user: User) -> Ids:
    """A card with one of everything, a file, and people; the path parameters that lead there."""
    by = acting(staff, via="api")
    card = make_customer("Acme", debit_limit="5.00").pk
    contact = actions.add_contact(customer_id=card, values={"name": "Anna", "email": "a@example.com"}, by=by)
    note = actions.add_note(customer_id=card, values={"text": "Calls on Mondays"}, by=by)
    cli = actions.add_cli(customer_id=card, values={"cli": "442079460000", "reason": "Contract"}, by=by)
    change = actions.plan_change(
        customer_id=card, values={"channels": 3}, run_at=now() + timedelta(hours=1), by=by
    )
    upload = importing.receive_file(
        target="customers", file_name="carriers.csv", portions=[b"Name\nBirch\nCedar\n"], by=by
    )
    work = begin_edit(visible_to(staff), changes={"channels": 3}, by=by)
    view = create_view(
        grid="customers", values={"name": "Active", "query": "status=active"}, by=acting(admin, via="api")
    )
    news = Written(channel="email", subject="News", text="Good ones.")
    send = begin_send(visible_to(staff), written=news, by=acting(admin, via="api"))
    token, _ = accounts.create_token(user=north_user, by=command_actor())
    group = accounts.create_group(name="Night", permissions={}, by=acting(admin, via="api"))
    return {
        "user_id": north_user.pk,
        "token_id": token.pk,
        "group_id": group.pk,
        "reseller_id": north_user.reseller_id or 0,
        "import_id": upload.pk,
        "job_id": upload.pk,
        "work_id": work.pk,
        "send_id": send.pk,
        "message_id": send.messages.get().pk,
        "template_id": MessageTemplate.objects.get(stock="welcome").pk,
        "view_id": view.pk,
        "customer_id": card,
        "contact_id": contact.pk,
        "note_id": note.pk,
        "cli_id": cli.pk,
        "n": change.pk,
    }


@pytest.fixture
def bearer(admin: User) -> dict[str, str]:
    """An administrator's token."""
    _, secret = accounts.create_token(user=admin, by=command_actor())
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_operation_keeps_its_promises(label: str, ids: Ids, bearer: dict[str, str]) -> None:
    """What is sent is thought up here, not while tests are collected: that takes long, and each worker collects all."""
    config = HypothesisTestConfig(
        project=schema.config,
        modes=list(HypothesisTestMode),
        seed=derive_operation_seed(schema.config.seed, label),
    )
    promises = create_test(operation=OPERATIONS[label], test_func=keep_promises, config=config)
    promises(ids=ids, bearer=bearer, tried=Counter())


@settings(
    max_examples=MAX_EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def keep_promises(case: Case, ids: Ids, bearer: dict[str, str], tried: Counter[Any]) -> None:
    if tried_enough(case, tried):
        return
    if mode_of(case, ParameterLocation.PATH) == GenerationMode.POSITIVE:
        case.path_parameters = {name: ids[name] for name in case.path_parameters}
    if mode_of(case, ParameterLocation.BODY) == GenerationMode.POSITIVE:
        case.body = possible(case.body)
    case.call_and_validate(headers=bearer)


def test_every_operation_is_tried() -> None:
    assert all(isinstance(found, Ok) for found in schema.get_all_operations())


def tried_enough(case: Case, tried: Counter[Any]) -> bool:
    """Whether the same property was of a wrong type often enough: all that were half of the requests."""
    phase = case.meta.phase.data if case.meta else None
    if not (isinstance(phase, CoveragePhaseData) and phase.scenario == CoverageScenario.INCORRECT_TYPE):
        return False
    what = (phase.parameter, phase.location, phase.description)
    tried[what] += 1
    return tried[what] > MAX_WRONG_TYPES


def mode_of(case: Case, location: ParameterLocation) -> GenerationMode | None:
    component = case.meta.components.get(location) if case.meta else None
    return component.mode if component else None


def possible(body: Any) -> Any:
    """A valid body with what no schema can rule out put right, so that more requests get past the first rules."""
    if not isinstance(body, dict):
        return body
    repaired = {name: possible(value) for name, value in body.items()}
    repaired.update(dict.fromkeys(repaired.keys() & {"reseller", "account_manager"}))
    if "groups" in repaired:
        repaired["groups"] = []
    if repaired.get("run_at") is not None:
        repaired["delay_seconds"] = None
    return repaired
