from gate import busiest, parse_lines
from stamps import stamp

LOG = """\
03.05.2024 07:58 in
03.05.2024 08:02 in
04.05.2024 09:15 out
"""


def main():
    passes = parse_lines(LOG)
    print(busiest(passes))
    print(stamp(passes[-1].at))


if __name__ == "__main__":
    main()
