"""The graph: it has the stages of the vocabulary, and lights up as they are reached."""

from __future__ import annotations

from typing import get_args

from nexoide.model import event as e
from nexoide.model.patch import Stage
from nexoide.tui import feed
from nexoide.tui.widgets.pipeline import STAGES, nodes
from tests.tui_fake import Fake, story


def test_the_stages_are_those_of_the_vocabulary() -> None:
    assert get_args(Stage) == STAGES


def test_every_kind_of_event_says_what_it_changes() -> None:
    assert set(feed._PARTS) == set(e.KINDS)


def test_only_what_was_observed_is_green_and_what_waits_has_the_accent() -> None:
    fake = Fake()
    story(fake)
    drawn = {node.stage: node for node in nodes(fake.state.patches["P-14"], fake.state.stages["P-14"])}
    assert [stage for stage, node in drawn.items() if node.colour == "ok"] == ["rehearsed", "tested"]
    assert drawn["review"].colour == "waiting"
    assert not drawn["committed"].reached
    done = {node.stage: node.colour for node in nodes(fake.state.patches["P-11"], fake.state.stages["P-11"])}
    assert done["resolved"] == "ok"
    assert "fail" not in done.values()
