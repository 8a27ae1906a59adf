"""What a file seems to be: its encoding, its delimiter, and where its table begins."""

import gzip
import io
import random
import tracemalloc
import zipfile

import pytest

from linecard.importing.reading import BytesSource, FileProblem, Format, Sniffed, sniff, sniff_rows

TABLE = "Name,Currency,Limit\nAcme,USD,5\nBeta,EUR,6\n"


def sniffed(content: bytes | str, name: str = "upload.csv") -> Sniffed:
    content = content.encode() if isinstance(content, str) else content
    return sniff(BytesSource(content), name)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8"),
        (TABLE.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16-be"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
        ((TABLE + "Zoë,EUR,1\n").encode(), "utf-8"),
        ((TABLE + "Zoë,EUR,1\n").encode("cp1252"), "windows-1252"),
        ((TABLE + "10 €,EUR,1\n").encode("cp1252"), "windows-1252"),
        ((TABLE + "Zoë,EUR,1\n").encode("cp1252") + b"\x81,EUR,1\n", "latin-1"),
        ((TABLE + "Zoë Ünal,EUR,1\n").encode() + b"Z\xff,EUR,1\n", "utf-8"),
        ((TABLE * 40_000 + "Zoë,EUR,1\n").encode("cp1252"), "windows-1252"),
        (TABLE.encode() + b"a\0b,USD,1\n", "utf-8"),
    ],
    ids=[
        "UTF-8",
        "UTF-8 with a mark",
        "UTF-16 with a mark",
        "UTF-16 big end first with a mark",
        "UTF-16",
        "UTF-16 big end first",
        "UTF-8 beyond ASCII",
        "Windows-1252",
        "the Euro sign",
        "Latin-1",
        "one broken byte",
        "one letter far below",
        "one NUL",
    ],
)
def test_encodings(content: bytes, encoding: str) -> None:
    found = sniffed(content)
    assert (found.kind, found.encoding, found.delimiter) == ("delimited", encoding, ",")
    assert found.headings == ["Name", "Currency", "Limit"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    found = sniffed(TABLE.replace(",", delimiter))
    assert (found.delimiter, found.columns, found.start_row) == (delimiter, 3, 2)


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("Name;Limit;Tax\nAcme;1,50;19\nBeta;2,50;7\n", ";"),
        ('Name;Street\n"a,b,c";"d,e"\n"a,b,c";"d,e"\n', ";"),
        ("Name\nAcme\nBeta\n", ","),
        ("Report of May, checked, final\n\nName|Limit\nA|1\nB|2\nC|3\n", "|"),
    ],
    ids=["decimal commas", "commas in quotes", "one column", "commas in the title"],
)
def test_the_delimiter_is_what_makes_rows_alike(content: str, delimiter: str) -> None:
    assert sniffed(content).delimiter == delimiter


def test_the_name_breaks_a_tie() -> None:
    assert sniffed("Name\nAcme\n", "cards.TSV").delimiter == "\t"
    assert sniffed(TABLE, "cards.tsv").delimiter == ","


@pytest.mark.parametrize(
    ("content", "heading_row", "start_row"),
    [
        (TABLE, 1, 2),
        ("Customers of May\nmade by hand\n\nName;Currency;Limit\nAcme;USD;5\n", 4, 5),
        ("Report,,,\n,,,\nName,Currency,Limit,Mail\nAcme,USD,5,a@example.com\n", 3, 4),
        ("Name,Currency,Limit\n\nAcme,USD,5\n", 1, 2),
        ("Name,Currency,Limit\nAcme,USD,\nBeta,,\n", 1, 2),
        ("NAME,CUR\nAcme,USD\nBeta,EUR\n", 1, 2),
        ("Name,Currency\n", 1, 2),
        ("Acme,USD,5\nBeta,EUR,6\n", None, 1),
        ("Acme,billing@example.com\nBeta,beta@example.com\n", None, 1),
        ("Acme,active\nBeta,inactive\nGamma,active\n", None, 1),
        ("Acme,USD\nBeta,EUR\nGamma,GBP\n", None, 1),
        ("\n\nAcme,USD,5\nBeta,EUR,6\n", None, 3),
    ],
    ids=[
        "heading",
        "titles",
        "padded titles",
        "blank below",
        "gaps below",
        "capitals",
        "heading alone",
        "numbers at once",
        "addresses at once",
        "words that come again",
        "codes",
        "blank above",
    ],
)
def test_where_the_table_begins(content: str, heading_row: int | None, start_row: int) -> None:
    found = sniffed(content)
    assert (found.heading_row, found.start_row) == (heading_row, start_row)
    assert bool(found.headings) == (heading_row is not None)


def test_everything_that_was_found() -> None:
    content = (
        "Kundenliste\r\nStand Mai\r\n\r\nName;Währung;Limit;\r\nMüller, Ltd;EUR;1,50;\r\nÖz;USD;2,50;\r\n"
    )
    assert sniffed(content.encode("cp1252")) == Sniffed(
        kind="delimited",
        encoding="windows-1252",
        delimiter=";",
        start_row=5,
        heading_row=4,
        headings=["Name", "Währung", "Limit", ""],
        columns=4,
    )


def test_a_chosen_format_is_followed() -> None:
    found = sniff_rows(BytesSource(TABLE.encode()), Format("latin-1", ";"))
    assert (found.encoding, found.delimiter, found.columns) == ("latin-1", ";", 1)


class Long:
    """A table of many equal rows that is nowhere as a whole."""

    size = 50_000_000
    _rows = "Zoë,EUR,1\n".encode("cp1252") * 200_000

    def read_at(self, offset: int, length: int) -> bytes:
        begin = offset % 10
        return self._rows[begin : begin + min(length, self.size - offset)]


def test_a_file_is_read_to_its_end_but_never_held_whole() -> None:
    tracemalloc.start()
    try:
        found = sniff(Long(), "long.csv")
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found.encoding, found.start_row, found.columns) == ("windows-1252", 1, 3)
    assert peak_bytes < 20_000_000


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "content")
    return content.getvalue()


def test_a_workbook_is_known_by_what_it_holds() -> None:
    assert sniffed(archive("xl/workbook.xml"), "rubbish.csv") == Sniffed("workbook")


PICTURE = "This is a picture, not a table."
COMPRESSED = "This is a compressed archive: unpack it and upload the table that is in it."
DOCUMENT = "This is a web page or another document, not a table: open it in a spreadsheet and save it as CSV or XLSX."
DAMAGED = "The workbook is damaged or was cut off: save it again and upload it anew."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"\r\n ,\r\n\r\n", "The file is empty."),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF, not a table: export it as CSV or XLSX."),
        (b"\x89PNG\r\n\x1a\n\0\0", PICTURE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", PICTURE),
        (b"GIF89a\x01", PICTURE),
        (gzip.compress(TABLE.encode(), mtime=0), COMPRESSED),
        (archive("cards.csv"), COMPRESSED),
        (archive("word/document.xml"), DOCUMENT),
        (archive("xl/workbook.bin"), "This is a binary workbook (.xlsb): save it as XLSX or CSV."),
        (archive("content.xml"), "This is an OpenDocument file: save it as XLSX or CSV."),
        (archive("xl/workbook.xml")[:-30], DAMAGED),
        (OLE + bytes(600), "This is an old workbook (.xls): save it as XLSX or CSV."),
        (
            OLE + bytes((1 << 20) - 20) + "EncryptedPackage".encode("utf-16-le"),
            "This is a workbook that is protected by a password: save it without one.",
        ),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><table>", DOCUMENT),
        ("a,b\n".encode("utf-32"), "This is text in UTF-32: save it as UTF-8."),
        (random.Random(1).randbytes(5000), "The file is not text: upload a table as CSV or XLSX."),
        (bytes(5000), "The file is not text: upload a table as CSV or XLSX."),
        (b"a,b\n" + b"," * 4999, "Row 2 has 5,000 columns; at most 500 are read."),
    ],
)
def test_what_is_no_table_is_refused_whatever_its_name(content: bytes, reason: str) -> None:
    with pytest.raises(FileProblem) as caught:
        sniffed(content, "customers.csv")
    assert caught.value.detail == reason
    assert caught.value.status == 422


def test_an_archive_of_countless_parts_is_not_taken_into_memory() -> None:
    whole = archive("xl/workbook.xml")
    end = bytearray(whole[-22:])
    end[12:16] = (5 << 20).to_bytes(4, "little")  # how long the list of parts is, says the file
    with pytest.raises(FileProblem, match="more parts than a workbook has"):
        sniffed(whole[:-22] + bytes(5 << 20) + bytes(end), "customers.xlsx")
