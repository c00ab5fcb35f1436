import asyncio

from heating import Heating
from plan import PLAN


async def scenario(plan):
    heating = Heating()
    heating.schedule(asyncio.get_running_loop(), plan)
    await heating.done.wait()
    return heating


def main():
    heating = asyncio.run(asyncio.wait_for(scenario(PLAN), 3))
    print(heating.target)
    assert heating.target == {room: wanted for _, room, wanted in PLAN}, heating.target


if __name__ == "__main__":
    main()
