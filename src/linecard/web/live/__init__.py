"""Changes of rows, told to open pages within a second: announced in the database, heard once for each process.

Knows neither users nor what the rows are: whoever opens a stream says what it may carry, and is asked again.
"""

from linecard.web.live.announcing import announce
from linecard.web.live.changes import MOST_IDS, Change
from linecard.web.live.hub import Audience, Hub
from linecard.web.live.stream import CONTENT_TYPE

__all__ = ["CONTENT_TYPE", "MOST_IDS", "Audience", "Change", "Hub", "announce"]
