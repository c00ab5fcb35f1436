import sys

sys.path.insert(0, "")
import calendar_export
from events import Event, agenda

assert agenda(calendar_export.EVENTS) == {
    "2024-05-06": ["09:00-09:15 stand-up", "15:30-16:30 retro"],
    "2024-05-07": ["10:00-10:45 release"],
}
assert str(Event("late", "2024-01-01T23:00", 60)) == "23:00-00:00 late"
try:
    Event("later", "2024-01-01T23:00", 61)
    raise SystemExit("went over midnight")
except ValueError:
    pass
