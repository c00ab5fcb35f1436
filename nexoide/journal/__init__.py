"""The append-only, hash-chained store of events, and the files and locks beside it."""

from nexoide.journal.journal import Journal
from nexoide.journal.verify import verify_file

__all__ = ["Journal", "verify_file"]
