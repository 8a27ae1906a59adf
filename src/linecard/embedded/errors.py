"""What can go wrong with the embedded database, in words for the person who started it."""

from linecard.kernel.errors import LinecardError


class EmbeddedError(LinecardError):
    """The embedded database cannot be used; the message says why and what to do."""

    title = "The embedded database cannot be used"


class InUse(EmbeddedError):
    """Another process holds what this one needs; the message names it."""

    title = "Already in use"
