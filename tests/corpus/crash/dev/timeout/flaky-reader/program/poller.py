from dataclasses import dataclass, field

from bus import MeterBus


@dataclass
class Poller:
    bus: MeterBus
    readings: dict[str, float] = field(default_factory=dict)

    def poll(self, meter: str) -> float:
        value = self.bus.read_register(meter)
        self.readings[meter] = value
        return value

    def poll_all(self, meters: list[str]) -> float:
        return sum(self.poll(meter) for meter in meters)
