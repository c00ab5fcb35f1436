from mail import send_mail


def send_invoice(customer, amount):
    return send_mail("Invoice", f"Please pay {amount:.2f}", recipient=customer)


def send_receipt(customer, amount):
    return send_mail("Receipt", f"We got {amount:.2f}", recipient=customer)


def send_reminder(customer, amount, days):
    urgent = days > 30
    return send_mail("Reminder", f"{amount:.2f} is {days} days late", recipient=customer, urgent=urgent)
