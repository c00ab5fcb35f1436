import asyncio

from conf.settings import Settings
from conf.worker import Worker

if __name__ == "__main__":
    settings = Settings({"limit": 3, "name": "thumbnails"})
    worker = Worker(settings)
    print(settings.lookup("name"), asyncio.run(worker.run(["a.png", "b.png", "c.png", "d.png"])))
    print(worker.done)
