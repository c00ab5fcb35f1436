from spool import Spool


def main():
    Spool("/proc/1/spool").put("x")


main()
