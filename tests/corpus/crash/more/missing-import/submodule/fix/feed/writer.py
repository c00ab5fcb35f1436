"""Write a small RSS feed."""
import xml.sax.saxutils


class FeedWriter:
    def __init__(self, title):
        self.title = title
        self._items = []

    def item(self, title, link):
        self._items.append((title, link))

    def text(self):
        esc = xml.sax.saxutils.escape
        out = ["<rss><channel>", f"<title>{esc(self.title)}</title>"]
        for title, link in self._items:
            out.append(f"<item><title>{esc(title)}</title><link>{esc(link)}</link></item>")
        out.append("</channel></rss>")
        return "\n".join(out) + "\n"
