"""Text and data: bytes and encodings, formats, JSON, paths."""
