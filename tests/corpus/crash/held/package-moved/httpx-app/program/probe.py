"""Asks the stock service in this process, without a port."""
import httpx

from service import application


def open_client() -> httpx.Client:
    return httpx.Client(app=application, base_url="http://stock.internal", timeout=3)


def left(client: httpx.Client, item: str) -> int:
    answer = client.get("/stock", params={"item": item})
    answer.raise_for_status()
    return answer.json()["left"]
