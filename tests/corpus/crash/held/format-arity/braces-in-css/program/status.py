import html
from dataclasses import dataclass


@dataclass
class Check:
    name: str
    ok: bool

    def row(self):
        return "<li class='{}'>{}</li>".format("ok" if self.ok else "bad", html.escape(self.name))
