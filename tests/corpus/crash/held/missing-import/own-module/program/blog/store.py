from blog.text import excerpt


class Store:
    def __init__(self):
        self.posts = {}

    def put(self, slug, title, body):
        self.posts[slug] = {"title": title, "teaser": excerpt(body), "body": body}
