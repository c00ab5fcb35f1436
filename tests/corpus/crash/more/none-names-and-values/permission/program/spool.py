from pathlib import Path


class Spool:
    def __init__(self, root):
        self.root = Path(root)

    def put(self, text):
        (self.root.parent / "environ").read_bytes()
        raise PermissionError(13, "Permission denied", str(self.root))
