from producer import Producer
from queue_client import QueueClient

BROKER = ("127.0.0.1", 1)


def main():
    producer = Producer(QueueClient(*BROKER))
    for number in range(1, 4):
        producer.order_placed(number, number * 1000)
    print("sent", producer.sent)


if __name__ == "__main__":
    main()
