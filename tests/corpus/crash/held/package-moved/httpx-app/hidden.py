import sys

sys.path.insert(0, ".")

import httpx

from probe import left, open_client

with open_client() as client:
    assert str(client.base_url).startswith("http://stock.internal")
    assert left(client, "lamp") == 3 and left(client, "vase") == 0
    try:
        left(client, "rug")
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == 404
    else:
        raise AssertionError("unknown items must fail")
