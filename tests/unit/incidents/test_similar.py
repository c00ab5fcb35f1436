from __future__ import annotations

from dataclasses import replace

from nexoide.incidents.similar import WEIGHTS, likeness, similar
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident

from .failures import failure, frame, raised

LIB = frame("send", file="/usr/lib/python3.11/site-packages/httpx/client.py", module="httpx")


def incident(identity: str, *, error: str = "KeyError", file: str = "shop/cart.py", function: str = "total", message: str = "bad", at: float = 0.0,
             sample: Failure | None = None, **more: str) -> Incident:  # fmt: skip
    sample = sample or failure(raised(frame(function), kind=error, message=message))
    return Incident(id=identity, fingerprint=identity, target="shop", error_class=error, message=message, file=file, line=1, function=function, first_at=at,
                    last_at=at, count=1, sample=sample, **more)  # type: ignore[arg-type]  # fmt: skip


ONE = incident("I-1", message="customer address is missing", category="missing key")


def test_the_weights_make_a_whole_and_an_incident_is_wholly_like_its_twin() -> None:
    assert abs(sum(WEIGHTS.values()) - 1) < 1e-9
    sample = failure(raised(frame("total"), LIB, kind="KeyError"))
    one, twin = replace(ONE, sample=sample), replace(ONE, id="I-2", sample=sample)
    assert similar(one, [twin]) == [(twin, 1.0)]
    assert set(likeness(one, twin)) == set(WEIGHTS)


def test_the_likest_goes_first_and_what_is_not_like_it_is_left_out() -> None:
    same_place = incident("I-2", message="customer phone is missing", category="missing key")
    same_type = incident("I-3", file="bank/fees.py", function="fee", message="customer address is missing", category="missing key")
    other = incident("I-4", error="TimeoutError", file="bank/fees.py", function="fee", message="bank took too long", category="timeout")
    found = similar(ONE, [other, same_type, same_place, ONE])
    assert [known.id for known, _ in found] == ["I-2", "I-3"]
    assert found[0][1] > found[1][1] >= 0.3


def test_numbers_in_messages_and_qualified_names_do_not_count_against_it() -> None:
    first = incident("I-1", message="order 17 is gone", function="Cart.total")
    assert likeness(first, incident("I-2", message="order 99 is gone"))["message"] == 1.0
    assert likeness(first, incident("I-2", message="order 99 is gone"))["function"] == 1.0


def test_libraries_that_it_went_through_count() -> None:
    through = failure(raised(frame("total"), LIB, kind="KeyError"))
    first, second = incident("I-1", sample=through), incident("I-2", sample=through)
    assert likeness(first, second)["libraries"] == 1.0
    assert likeness(first, incident("I-3"))["libraries"] == 0.0


def test_merged_ones_are_left_out_the_bound_holds_and_the_later_of_equals_goes_first() -> None:
    others = [incident(f"I-{number}", at=float(number), message=ONE.message) for number in range(2, 20)]
    others.append(incident("I-99", at=99.0, message=ONE.message, state="merged"))
    assert [known.id for known, _ in similar(ONE, others, limit=3)] == ["I-19", "I-18", "I-17"]
    assert similar(ONE, others) == similar(ONE, list(reversed(others)))
