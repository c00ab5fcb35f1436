"""Failures out of the text of logs: `LogReader` for a stream of bytes, `read_stack` for one stack trace."""

from nexoide.incidents.logs.reader import LogReader, read_stack

__all__ = ["LogReader", "read_stack"]
