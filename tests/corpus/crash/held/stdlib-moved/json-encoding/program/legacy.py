"""Answers of the old host, which speaks Latin-1."""
import json

HOST_ENCODING = "latin-1"


def parse_answer(raw: bytes) -> dict:
    return json.loads(raw, encoding=HOST_ENCODING)


def to_request(fields: dict) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode(HOST_ENCODING)
