from __future__ import annotations

import asyncio

import pytest

from nexoide.journal.intake import Gate


async def test_what_fits_goes_through_at_once() -> None:
    gate = Gate(10)
    await asyncio.wait_for(gate.enter(6), 1)
    await asyncio.wait_for(gate.enter(4), 1)
    assert gate.held == 10


async def test_who_waits_gets_through_in_order() -> None:
    gate = Gate(10)
    passed: list[int] = []

    async def pass_through(name: int, size: int) -> None:
        await gate.enter(size)
        passed.append(name)

    await gate.enter(10)
    tasks = [asyncio.create_task(pass_through(name, size)) for name, size in enumerate((8, 1, 1, 9))]
    await asyncio.sleep(0)
    assert passed == []
    gate.leave(10)
    await asyncio.gather(*tasks[:3])
    assert passed == [0, 1, 2]
    gate.leave(8)
    await asyncio.sleep(0)
    assert passed == [0, 1, 2]
    gate.leave(1)
    await asyncio.wait_for(tasks[3], 1)
    assert gate.held == 10


async def test_what_is_larger_than_the_limit_passes_alone() -> None:
    gate = Gate(10)
    await asyncio.wait_for(gate.enter(100), 1)
    second = asyncio.create_task(gate.enter(1))
    await asyncio.sleep(0)
    assert not second.done()
    gate.leave(100)
    await asyncio.wait_for(second, 1)
    assert gate.held == 1


@pytest.mark.parametrize("after_its_turn", [False, True])
async def test_who_gives_up_waiting_takes_nothing(after_its_turn: bool) -> None:
    gate = Gate(10)
    await gate.enter(10)
    impatient = asyncio.create_task(gate.enter(5))
    patient = asyncio.create_task(gate.enter(7))
    await asyncio.sleep(0)
    if after_its_turn:
        gate.leave(10)
        impatient.cancel()
    else:
        impatient.cancel()
        gate.leave(10)
    await asyncio.wait_for(patient, 1)
    assert impatient.cancelled()
    assert gate.held == 7
