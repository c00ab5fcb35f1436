from functools import lru_cache

from pydantic import BaseSettings, Field


class Settings(BaseSettings):
    model_config = {"env_prefix": "SHOP_"}

    workers: int = Field(1, ge=1)
    title: str = "shop"


@lru_cache
def load():
    return Settings()
