"""The serial bus of the meters: the first reads after a pause time out."""


class MeterBus:
    def __init__(self, values: dict[str, float], sleepy: dict[str, int] | None = None) -> None:
        self._values = values
        self._sleepy = dict(sleepy or {})
        self.reads = 0

    def read_register(self, meter: str) -> float:
        self.reads += 1
        if self._sleepy.get(meter, 0) > 0:
            self._sleepy[meter] -= 1
            raise TimeoutError(f"meter {meter} did not answer within 200 ms")
        return self._values[meter]
