import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    api_key: str
    endpoint: str
    dry_run: bool

    @classmethod
    def from_environment(cls):
        return cls(
            api_key=os.environ["PAYMENTS_API_KEY"],
            endpoint=os.environ.get("PAYMENTS_ENDPOINT", "https://payments.example.com/v2"),
            dry_run=os.environ.get("PAYMENTS_DRY_RUN", "0") == "1",
        )
