USER = "{base}/users/{username}?page={page}"
POST = "{base}/posts/{number}"


class Links:
    def __init__(self, base):
        self.base = base.rstrip("/")

    def user(self, name, page=1):
        return USER.format(base=self.base, username=name, page=page)

    def post(self, number):
        return POST.format(base=self.base, number=number)
