import settings
from graphite import Sender


def main():
    sender = Sender(settings.METRICS_HOST, settings.METRICS_PORT)
    for queue, depth in {"mail": 3, "orders": 0}.items():
        sender.gauge(f"queue.{queue}.depth", depth)
    print("sent", sender.flush())


if __name__ == "__main__":
    main()
