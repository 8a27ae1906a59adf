"""What makes a whole file unusable."""

from linecard.kernel.errors import LinecardError


class FileProblem(LinecardError):
    """The file, as it is, cannot be read: the sentence says why and what to do. ``row`` is where, if that is known."""

    status = 422
    title = "The file cannot be read"

    def __init__(self, detail: str, row: int | None = None) -> None:
        super().__init__(detail)
        self.row = row
