from urllib.request import Request, urlopen

import settings


def sheet(rows: int) -> str:
    lines = ["sku,price"] + [f"A{n:05d},{n * 3 % 97}.50" for n in range(rows)]
    return "\n".join(lines)


def upload(port: int, supplier: str, text: str) -> int:
    request = Request(f"http://{settings.HOST}:{port}/sheets/{supplier}", data=text.encode(), method="PUT")
    with urlopen(request, timeout=settings.TIMEOUT) as answer:
        return answer.status
