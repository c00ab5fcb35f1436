"""Failures posted as plain JSON, over TCP with the key and over the control plane without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.supervised import Supervised, supervised, wait_for


@pytest.fixture
def workspace(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    (tmp_path / "nexoide.toml").write_text("")
    with supervised(tmp_path, runtime) as session:
        session.start()
        yield session


def test_both_doors_lead_to_the_same_feed(workspace: Supervised) -> None:
    url = workspace.control.status().errors_url
    first = httpx.post(url, json={"type": "shop.Broken", "message": "no stock", "route": "GET /orders/17", "target": "till"}, trust_env=False)
    assert (first.status_code, first.json()) == (202, {"accepted": 1, "incidents": ["I-1"], "refused": []})
    transport = httpx.HTTPTransport(uds=str(workspace.workspace.socket))
    with httpx.Client(transport=transport, base_url="http://nexoide") as client:
        for path in ("/v1/errors", "/api/v1/errors"):
            answer = client.post(path, json=[{"type": "shop.Broken", "message": "no stock", "target": "till", "count": 4}])
            assert (answer.status_code, answer.json()["accepted"]) == (202, 4)
        refused = client.post("/v1/errors", json={"type": 7})
        assert (refused.status_code, refused.json()["error"]) == (422, "'type' is 7: it must be a text.")
        assert client.post("/v1/errors", content=b"x" * (2 << 20)).status_code == 413
        assert client.post("/v1/failures", json=[{"source": "main"}]).status_code == 400
        lines = client.post("/v1/errors", content=b'{"message":"a"}\n{"message":"b"}', headers={"content-type": "application/x-ndjson"})
        assert lines.json()["accepted"] == 2
    wait_for(lambda: sum(one.count for one in workspace.control.status().incidents) == 11, "all are counted")
    broken = workspace.control.status().incidents[0]
    assert (broken.error_class, broken.count, broken.target, broken.routes) == ("Broken", 9, "till", {"GET /orders/{n}": 1})
    posted = [source for source in workspace.control.status().sources if source.kind == "posted"]
    assert {source.target: source.failures for source in posted} == {"till": 9, "posted": 2}
