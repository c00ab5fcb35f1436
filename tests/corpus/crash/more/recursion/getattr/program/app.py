import copy

from proxy import Proxy


class Engine:
    def __init__(self):
        self.power = 90

    def start(self):
        return f"started {self.power}"


def main():
    proxy = Proxy(Engine())
    print(proxy.start())
    twin = copy.copy(proxy)
    twin.label = "twin"
    print(twin.power, twin.label)


if __name__ == "__main__":
    main()
