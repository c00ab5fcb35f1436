"""Send a heartbeat and look whether the other side takes it for fresh."""
import os
import time

os.environ["TZ"] = "Asia/Tokyo"  # the zone of the plant
time.tzset()

from receiver import Receiver
from sender import Sender


def main():
    receiver = Receiver(tolerance=5)
    message = Sender("press-3").message()
    delay = receiver.delay(message)
    print(message["from"], "took", round(delay), "s")
    assert receiver.is_fresh(message), f"the heartbeat is {delay:.0f} s old"


if __name__ == "__main__":
    main()
