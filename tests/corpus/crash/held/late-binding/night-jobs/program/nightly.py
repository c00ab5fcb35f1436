from scheduler import Scheduler
from tables import Database, schedule_vacuum


def run():
    database = Database({"orders": 120, "users": 15, "events": 9000})
    scheduler = Scheduler()
    schedule_vacuum(scheduler, database)
    return database, scheduler.run_due(hour=3)


def main():
    database, done = run()
    print(done)
    print("cleaned", database.cleaned)
    database.check()


if __name__ == "__main__":
    main()
