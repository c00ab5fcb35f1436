from collector import Collector


def main():
    collector = Collector(["station", "temp"])
    collector.push({"station": "N", "temp": 3.5})
    collector.push({"station": "S", "temp": 9.0})
    collector.push({"station": "N", "temp": 4.5})
    table = collector.table()
    print(len(table), list(table.index))
    print(collector.mean("N"))


if __name__ == "__main__":
    main()
