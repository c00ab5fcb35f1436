from blog.store import Store


class Routes:
    def __init__(self, store: Store):
        self.store = store

    def create(self, title, body):
        slug = slugify(title)
        number = 2
        while slug in self.store.posts:
            slug = f"{slugify(title)}-{number}"
            number += 1
        self.store.put(slug, title, body)
        return f"/posts/{slug}"

    def show(self, path):
        return self.store.posts[path.removeprefix("/posts/")]["title"]
