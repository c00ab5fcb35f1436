from broker import Broker
from rules import Watch


def build():
    broker = Broker()
    for number in range(7):
        broker.push("mail", number)
    broker.push("sms", 1)
    broker.push("audit", 1)
    broker.close("audit")
    return broker


def main():
    watch = Watch(limit=5)
    for name, state in watch.states(build()):
        print(name, state)


if __name__ == "__main__":
    main()
