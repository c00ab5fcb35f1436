from logfile import LogFile
from summary import slowest, tally

TEXT = """\
200 GET /a 12
404 GET /b 3
-- rotated --
500 POST /a 250
200 GET /c 41
"""


def main():
    log = LogFile(TEXT)
    print(tally(log))
    print(slowest(log))


if __name__ == "__main__":
    main()
