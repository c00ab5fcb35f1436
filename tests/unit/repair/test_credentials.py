from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from nexoide.repair.surroundings import Surroundings
from tests.unit.repair.programs import fail
from tests.unit.repair.solving import advised

RULE = "credentials"

CLIENT = """
    import os
    import urllib.error

    def headers():
        return {{{header}}}

    def fetch(url):
        raise urllib.error.HTTPError(url, {status}, "{reason}", headers(), None)

    fetch("https://api.example.org")
"""


def client(header: str, status: int = 401, reason: str = "Unauthorized") -> dict[str, str]:
    return {"main.py": CLIENT.format(header=header, status=status, reason=reason)}


BEARER = "\"Authorization\": f\"Bearer {os.environ.get('SHOP_API_KEY', '')}\""


def test_the_variable_that_is_not_set_is_named(tmp_path):
    advice = advised(tmp_path, client(BEARER), RULE, final=True, surroundings=Surroundings(variables=("PATH",)))
    assert advice.title == "set the environment variable SHOP_API_KEY"
    assert any("SHOP_API_KEY, read at main.py:5 with a default, is not set" in item for item in advice.looked)


def test_a_variable_that_is_set_was_refused(tmp_path):
    advice = advised(tmp_path, client(BEARER), RULE, final=True, surroundings=Surroundings(variables=("PATH", "SHOP_API_KEY")))
    assert advice.title == "the credentials were refused"
    assert any("is set where the program runs" in item for item in advice.looked)


def test_nothing_is_said_of_variables_that_nobody_looked_up(tmp_path):
    advice = advised(tmp_path, client(BEARER), RULE, final=True)
    assert any("was not looked up" in item for item in advice.looked)


def test_a_value_is_never_shown(tmp_path):
    header = '"Authorization": "Bearer hunter2-hunter2"'
    advice = advised(tmp_path, client(header), RULE, final=True)
    assert "hunter2" not in repr(advice)


def test_a_header_that_no_service_reads_is_said(tmp_path):
    advice = advised(tmp_path, client('"Authorisation": "Bearer x"'), RULE, final=True)
    assert "the header is called Authorisation there" in advice.text


def test_a_scheme_that_other_calls_have_is_said(tmp_path):
    files = client('"Authorization": os.environ["HOME"]')
    files["other.py"] = "def headers(token):\n    return {'Authorization': 'Bearer ' + token}\n"
    advice = advised(tmp_path, files, RULE, final=True)
    assert "has no Bearer before the credential" in advice.text


def test_who_is_known_and_not_allowed(tmp_path):
    advice = advised(tmp_path, client(BEARER, 403, "Forbidden"), RULE, final=True, surroundings=Surroundings(variables=("SHOP_API_KEY",)))
    assert "does not allow it" in advice.title


@pytest.mark.parametrize(
    "line",
    [
        "raise AuthenticationError('Incorrect API key provided: sk-***')",
        "raise RuntimeError('password authentication failed for user \"shop\"')",
        "raise RuntimeError('Unable to locate credentials')",
        "raise RuntimeError('the access token has expired')",
        "raise RuntimeError('missing API key: set ACME_API_KEY')",
        "raise RuntimeError('request failed with status 401')",
        "os.environ['STRIPE_SECRET_KEY']",
    ],
)
def test_the_ways_in_which_it_is_said(line, tmp_path):
    source = f"import os\n\n\nclass AuthenticationError(Exception):\n    pass\n\n\ndef call():\n    {line}\n\n\nos.environ.get('ACME_API_KEY')\ncall()\n"
    advised(tmp_path, {"main.py": source}, RULE, final=True)


@pytest.mark.parametrize(
    "line",
    [
        "raise ValueError('unknown token +')",
        "raise ValueError('invalid token at line 3 column 4')",
        "raise PermissionDenied('bob may not delete order 3')",
        "raise ValueError('row 401 is empty')",
        "raise KeyError('token')",
        "raise ValueError('forbidden character in name')",
    ],
)
def test_what_is_not_about_credentials(line, tmp_path):
    source = f"class PermissionDenied(Exception):\n    pass\n\n\ndef call():\n    {line}\n\n\ncall()\n"
    diagnosis = diagnose(tmp_path, fail(tmp_path, {"main.py": source}))
    assert [item for item in diagnosis.advice if item.rule == RULE] == []


def test_a_patch_of_another_rule_is_discarded(tmp_path):
    raising = "raise ApiError('401 Unauthorized: rate limit of anonymous callers')"
    files = {"main.py": f"class ApiError(Exception):\n    pass\n\n\ndef fetch():\n    {raising}\n\n\nfetch()\n"}
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert diagnosis.proposals == ()
