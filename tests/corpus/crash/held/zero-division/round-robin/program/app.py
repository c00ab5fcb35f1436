from dispatch import Dispatcher
from workers import Pool


def main():
    pool = Pool(["w1", "w2"])
    desk = Dispatcher(pool)
    for job in ("a", "b", "c"):
        desk.dispatch(job)
    pool.lost("w1")
    pool.lost("w2")
    desk.dispatch("d")
    pool.back("w2")
    desk.resume()
    print(desk.given, desk.parked)


if __name__ == "__main__":
    main()
