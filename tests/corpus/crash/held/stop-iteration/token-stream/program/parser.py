from tokens import tokens


class Parser:
    def __init__(self, text):
        self.items = list(tokens(text))
        self.at = 0

    def peek(self):
        return self.items[self.at][1] if self.at < len(self.items) else None

    def take(self):
        self.at += 1
        return self.items[self.at - 1]

    def sum(self):
        value = self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take()[1] == "+" else value - self.product()
        return value

    def product(self):
        value = self.atom()
        while self.peek() == "*":
            self.take()
            value *= self.atom()
        return value

    def atom(self):
        kind, value = self.take()
        if kind == "number":
            return value
        if value != "(":
            raise SyntaxError(f"unexpected {value!r}")
        value = self.sum()
        self.take()
        return value


def evaluate(text):
    return Parser(text).sum()
