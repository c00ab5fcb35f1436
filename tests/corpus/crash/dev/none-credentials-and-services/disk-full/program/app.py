from render import pages
from spool import Spool


def main() -> None:
    spool = Spool("/dev/full")
    written = spool.write(pages({7: ["2 x tea", "1 x pot"], 8: ["1 x cup"]}))
    print("spooled", written)


main()
