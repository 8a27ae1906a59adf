"""What a bulk upload costs against a plain COPY of the same rows into the same table with the same indexes.

``python -m bench.upload [--rows 1000000] [--contacts]`` makes a scratch database whose commits wait for the disk, takes
in a generated file, checks it row by row, applies it with its history, and then copies the very rows that came of it
into the emptied table. Only the ratios count. Memory is what this process, which does the work of web server and
worker in turn, grows by.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.scratch import scratch_database

HEADINGS = "Company name;Account ID;Currency;Status;Channels;CPS;Credit limit;Tax %;City;Postcode;Country;Tags;Website"
CURRENCIES = ("EUR", "GBP", "USD", "CHF", "PLN")
COUNTRIES = ("DE", "GB", "US", "CH", "PL", "FR", "KE", "BR")
STATUSES = ("active", "active", "active", "inactive", "pending_approval")
TAGS = ("", "wholesale", "retail", '"gold, wholesale"')
PORTION = 1024 * 1024


def main() -> None:
    """Generate, upload, copy, print."""
    parser = argparse.ArgumentParser(description="Compare a bulk upload with a plain COPY.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--contacts", action="store_true", help="map a contact's name, email and mobile as well"
    )
    given = parser.parse_args()
    with scratch_database(durable=True):
        upload_and_compare(given.rows, contacts=given.contacts)


def upload_and_compare(rows: int, *, contacts: bool) -> None:
    """One run."""
    from linecard.accounts.actions import create_user
    from linecard.accounts.actor import acting, command_actor
    from linecard.importing.actions import UploadWork, apply_upload, check_upload, receive_file

    user = create_user(username="bench", name="", password="a long password", by=command_actor())  # noqa: S106
    by = acting(user, via="command")
    warm_up(by)
    idle = begin_to_measure_memory()

    def work(upload_id: int) -> None:
        going = UploadWork(upload_id)
        while going.advance():
            pass

    began = time.perf_counter()
    upload = receive_file(
        target="customers", file_name="bench.csv", portions=portions(rows, contacts=contacts), by=by
    )
    received = time.perf_counter()
    check_upload(upload_id=upload.pk, plan={}, by=by)
    work(upload.pk)
    checked = time.perf_counter()
    apply_upload(upload_id=upload.pk, by=by, rows="all")
    work(upload.pk)
    applied = time.perf_counter()
    upload.refresh_from_db()
    assert (upload.state, upload.applied) == ("applied", rows), (upload.state, upload.problem, upload.bad)
    grown = memory("VmHWM") - idle
    copied = plain_copy()
    print(f"{rows:,} rows, {upload.size / 1e6:.0f} MB, columns mapped: {len(upload.plan['mapping'])}\n")
    for name, seconds in (
        ("take the file in", received - began),
        ("check alone", checked - received),
        ("apply with history", applied - checked),
        ("check and apply", applied - received),
        ("plain COPY", copied),
    ):
        print(f"{name:20} {seconds:8.1f} s {seconds / copied:7.2f} x COPY {rows / seconds:10,.0f} rows/s")
    print(f"\nmemory above idle: {grown:.0f} MiB")


def warm_up(by: object) -> None:
    """Everything that is loaded once, so that idle means ready."""
    from linecard.importing.actions import UploadWork, check_upload, discard_upload, receive_file

    upload = receive_file(
        target="customers", file_name="warm.csv", portions=portions(10, contacts=True), by=by
    )
    check_upload(upload_id=upload.pk, plan={}, by=by)
    going = UploadWork(upload.pk)
    while going.advance():
        pass
    discard_upload(upload_id=upload.pk, by=by)


def portions(rows: int, *, contacts: bool) -> Iterator[bytes]:
    """The file, in portions."""
    lines = [HEADINGS + (";Contact name;Contact email;Contact mobile" if contacts else "")]
    size = 0
    for number in range(rows):
        line = row(number, contacts=contacts)
        size += len(line)
        lines.append(line)
        if size > PORTION:
            yield ("\r\n".join(lines) + "\r\n").encode("windows-1252")
            lines, size = [], 0
    yield "\r\n".join(lines).encode("windows-1252")


def row(number: int, *, contacts: bool) -> str:
    """One customer."""
    currency = CURRENCIES[number % len(CURRENCIES)]
    cells = [
        f"Télécom {number * 7919 % 1_000_003} Networks {number}",
        f"A-{number:07}",
        currency,
        STATUSES[number % len(STATUSES)],
        str(number % 480),
        str(number % 50),
        f"{number % 9973}.{number % 100:02}",
        "7.7",
        f"City {number % 5000}",
        f"{number % 90000 + 10000}",
        COUNTRIES[number % len(COUNTRIES)],
        TAGS[number % len(TAGS)],
        f"www.carrier{number}.example",
    ]
    if contacts:
        cells += [f"Anna {number}", f"noc{number}@carrier.example", f"+4479{number % 100_000_000:08}"]
    return ";".join(cells)


def plain_copy() -> float:
    """Seconds to COPY the rows of the table into the same table, emptied, all indexes standing."""
    from django.db import connection

    with tempfile.TemporaryDirectory(prefix="linecard-bench-copy-") as folder, connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        path = Path(folder) / "customers"
        with path.open("wb") as file, cursor.copy("COPY customer TO STDOUT") as out:
            for data in out:
                file.write(data)
        cursor.execute("TRUNCATE customer CASCADE")
        began = time.perf_counter()
        with path.open("rb") as file, cursor.copy("COPY customer FROM STDIN") as into:
            while data := file.read(PORTION):
                into.write(data)
        took = time.perf_counter() - began
        cursor.execute("RESET statement_timeout")
    return took


def begin_to_measure_memory() -> float:
    """MiB in use now; the kernel counts the most from here on."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def memory(which: str) -> float:
    """MiB of this process that are in memory now (``VmRSS``), or were at most (``VmHWM``)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1]) / 1024


if __name__ == "__main__":
    main()
