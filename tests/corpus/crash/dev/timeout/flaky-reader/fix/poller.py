import time
from dataclasses import dataclass, field

from bus import MeterBus


@dataclass
class Poller:
    bus: MeterBus
    readings: dict[str, float] = field(default_factory=dict)

    def poll(self, meter: str) -> float:
        for attempt in range(3):
            try:
                value = self.bus.read_register(meter)
                break
            except TimeoutError:
                if attempt == 2:
                    raise
                time.sleep(0.05 * (attempt + 1))
        self.readings[meter] = value
        return value

    def poll_all(self, meters: list[str]) -> float:
        return sum(self.poll(meter) for meter in meters)
