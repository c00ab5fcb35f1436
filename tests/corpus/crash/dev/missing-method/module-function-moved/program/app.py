from scheduler import Scheduler

plan = Scheduler()
plan.every("1h30m", "Rotate Logs")
plan.every("15m", "Sync Orders")
print("\n".join(plan.agenda()))
