import sys

sys.path.insert(0, ".")

from photos.seller import UploadFailed, upload
from photos.web import create_app

app = create_app()
client = app.test_client()
for name, size in (("a", 0), ("b", 17_000), ("c", 2_000_000)):
    data = bytes(range(256)) * (size // 256)
    assert upload(client, name, data) == len(data)
    assert app.photos[name] == data
try:
    upload(client, "film", b"x" * 200_000_000)
except UploadFailed:
    pass
else:
    raise AssertionError("there must still be a limit")
