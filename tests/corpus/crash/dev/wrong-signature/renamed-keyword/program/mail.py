OUTBOX = []


def send_mail(subject, body, *, recipient, urgent=False):
    OUTBOX.append({"to": recipient, "subject": ("! " if urgent else "") + subject, "body": body})
    return len(OUTBOX)
