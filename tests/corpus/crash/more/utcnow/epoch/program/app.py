import os
import time

os.environ["TZ"] = "Asia/Tokyo"
time.tzset()

from clock import epoch_now, since


def main():
    drift = abs(epoch_now() - time.time())
    assert drift < 5, f"clock is off by {drift:.0f} seconds"
    print(since(time.time() - 90))


if __name__ == "__main__":
    main()
