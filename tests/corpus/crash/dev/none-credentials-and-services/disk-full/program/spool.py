import os


class Spool:
    """Where rendered invoices wait for the printer."""

    def __init__(self, device: str) -> None:
        self.device = device

    def write(self, pages: list[str]) -> int:
        data = "\f".join(pages).encode()
        with open(self.device, "wb", buffering=0) as handle:
            written = handle.write(data)
            os.fsync(handle.fileno())
        return written
