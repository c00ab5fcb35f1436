from channels import Channel
from digest import mail

CHANNELS = [
    Channel("ops", [{"at": 5, "by": "ann", "text": "deploy"}, {"at": 9, "by": "bo", "text": "done"}]),
    Channel("random", [{"at": 1, "by": "cy", "text": "lunch?"}]),
    Channel("sales", [{"at": 7, "by": "di", "text": "won!"}]),
]

if __name__ == "__main__":
    print("\n".join(mail(CHANNELS, since=2)))
