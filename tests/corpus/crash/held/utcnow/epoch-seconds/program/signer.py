"""Sign the address of a download, good for a few minutes."""
import os
import time

from links import is_valid, sign

os.environ["TZ"] = "America/New_York"  # the zone of the machines that run this
time.tzset()


def main():
    link = sign("/files/report.pdf", minutes=5)
    print(link.split("?")[0])
    assert is_valid(link, at=time.time()), "a fresh link is refused"
    assert not is_valid(link, at=time.time() + 6 * 60), "an old link is taken"
    assert not is_valid(link.replace("report", "salary"), at=time.time()), "a changed link is taken"


if __name__ == "__main__":
    main()
