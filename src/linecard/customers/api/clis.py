"""The approved caller ids of a card."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linecard.accounts.api_auth import calling
from linecard.customers.actions import add_cli, delete_cli, update_cli
from linecard.customers.api import schemas
from linecard.customers.api.lookups import get_part
from linecard.customers.api.spelling import spell_cli
from linecard.customers.queries import get_customer
from linecard.web.answers import PageParameters, json_answer, no_content, page_of
from linecard.web.api_document import described

router = Router(tags=["Approved CLIs"])


@router.get("/customers/{int:customer_id}/clis", response=schemas.Clis, summary="List approved CLIs")
def list_clis(request: HttpRequest, customer_id: int, wanted: Query[PageParameters]) -> HttpResponse:
    """In the order of the numbers."""
    customer = get_customer(calling(request).user, customer_id)
    return page_of(customer.clis.order_by("cli"), wanted, spell_cli)


@router.post(
    "/customers/{int:customer_id}/clis",
    response={201: schemas.Cli},
    summary="Approve a CLI",
    openapi_extra=described(location=True),
)
def create_cli(request: HttpRequest, customer_id: int, payload: schemas.NewCli) -> HttpResponse:
    """Bare digits are read as international. Stored as E.164 without `+`."""
    cli = add_cli(customer_id=customer_id, values=payload.given(), by=calling(request))
    return json_answer(spell_cli(cli), 201, {"Location": f"{request.path}/{cli.pk}"})


@router.get(
    "/customers/{int:customer_id}/clis/{int:cli_id}", response=schemas.Cli, summary="Read an approved CLI"
)
def read_cli(request: HttpRequest, customer_id: int, cli_id: int) -> HttpResponse:
    """One caller id, with the reason why it was approved."""
    customer = get_customer(calling(request).user, customer_id)
    return json_answer(spell_cli(get_part(customer.clis.all(), cli_id, "CLI")))


@router.patch(
    "/customers/{int:customer_id}/clis/{int:cli_id}", response=schemas.Cli, summary="Change an approved CLI"
)
def change_cli(
    request: HttpRequest, customer_id: int, cli_id: int, payload: schemas.CliChange
) -> HttpResponse:
    """Its number, its reason, or both."""
    cli = update_cli(customer_id=customer_id, cli_id=cli_id, values=payload.given(), by=calling(request))
    return json_answer(spell_cli(cli))


@router.delete(
    "/customers/{int:customer_id}/clis/{int:cli_id}", response={204: None}, summary="Withdraw a CLI"
)
def remove_cli(request: HttpRequest, customer_id: int, cli_id: int) -> HttpResponse:
    """The history keeps the number and the reason."""
    delete_cli(customer_id=customer_id, cli_id=cli_id, by=calling(request))
    return no_content()
