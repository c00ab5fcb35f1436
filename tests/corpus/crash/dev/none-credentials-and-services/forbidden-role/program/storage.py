from errors import NotFound, PermissionDenied


class Storage:
    """The bucket service of the platform; roles are granted by the platform team."""

    GRANTS = {"nightly-job": {"reader"}, "admin": {"reader", "writer"}}

    def __init__(self, account: str) -> None:
        self.account = account
        self.objects = {"reports/2024-01.csv": b"a;b\n1;2\n"}

    def _require(self, role: str) -> None:
        if role not in self.GRANTS.get(self.account, set()):
            raise PermissionDenied(f"403: account {self.account!r} needs the role {role!r} on bucket 'reports'")

    def get(self, key: str) -> bytes:
        self._require("reader")
        if key not in self.objects:
            raise NotFound(key)
        return self.objects[key]

    def put(self, key: str, data: bytes) -> None:
        self._require("writer")
        self.objects[key] = data
