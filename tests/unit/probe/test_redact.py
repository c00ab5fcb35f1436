"""Secrets go by their name and by their shape; what is no secret stays readable."""

from __future__ import annotations

import time

import pytest

from nexoide.probe.redact import redact, redact_argv, secret_name

SECRETS = [
    ("AKIA" + "Q" * 16, "aws-key"),
    ("ghp_" + "x1Y2" * 9, "github-token"),
    ("github_pat_" + "x1Y2" * 9, "github-token"),
    ("glpat-" + "x1Y2" * 5, "gitlab-token"),
    ("xoxb-" + "12345-abcde-67890", "slack-token"),
    ("sk_live_" + "x1Y2" * 6, "stripe-key"),
    ("AIza" + "x1Y2z" * 7, "google-key"),
    ("eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0" + ".c2lnbmF0dXJl", "jwt"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nxyz\n-----END RSA PRIVATE KEY-----", "private-key"),
    ("-----BEGIN PRIVATE KEY-----\nMIIE cut short", "private-key"),
]


@pytest.mark.parametrize(("secret", "kind"), SECRETS)
def test_known_shapes_are_marked_with_their_kind_and_end(secret: str, kind: str) -> None:
    assert redact(f"before {secret}") == f"before «redacted:{kind}:…{secret[-4:]}»"
    assert redact(redact(f"x {secret}")) == redact(f"x {secret}")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("password=hunter22, user=bob", "password=«redacted:password», user=bob"),
        ("{'api_key': 'abcd1234abcd1234', 'n': 1}", "{'api_key': '«redacted:api-key:…1234»', 'n': 1}"),
        ("Authorization: Bearer abcdefghijkl9876", "Authorization: Bearer «redacted:bearer:…9876»"),
        ("postgres://bob:pa55word@db:5432/x", "postgres://bob:«redacted:url-password»@db:5432/x"),
        ("max_tokens=4096 tokenizer=gpt2xyz", "max_tokens=4096 tokenizer=gpt2xyz"),
        ("order 12 has no field 'total'", "order 12 has no field 'total'"),
    ],
)
def test_named_secrets_are_marked_and_the_rest_stays(text: str, clean: str) -> None:
    assert redact(text) == clean


def test_code_keeps_names_and_calls() -> None:
    assert redact('token = request.headers["X"]', code=True) == 'token = request.headers["X"]'
    assert redact('SECRET_KEY = "abcdefgh"', code=True) == 'SECRET_KEY = "«redacted:secret»"'


def test_options_hide_the_word_that_follows_them() -> None:
    assert redact_argv(["app", "--token", "abc", "--port", "80", "--password=xyz1"]) == [
        "app",
        "--token",
        "«redacted:token»",
        "--port",
        "80",
        "--password=«redacted:password»",
    ]


def test_names_of_secrets_are_known() -> None:
    assert [secret_name(name) for name in ("user_password", "API_KEY", "accessToken", "total", "token_count", "Authorization")] == [
        "password",
        "api-key",
        "token",
        "",
        "",
        "authorization",
    ]


@pytest.mark.parametrize("text", ["a" * 16_384, "token" * 3000, "password: " * 1600, "eyJ" * 5000, "https://" * 2000, "-----BEGIN " * 1400, "'\"" * 8000])
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()
    redact(text)
    assert time.process_time() - begun < 0.5
