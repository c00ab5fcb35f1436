from config import Config
from payments import Payments


def main():
    payments = Payments(Config.from_environment())
    for order, cents in ((1, 1999), (2, 500)):
        payments.enqueue(order, cents)
    print(len(payments.queue), "payments to", payments.config.endpoint)


if __name__ == "__main__":
    main()
