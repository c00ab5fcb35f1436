import mail


def test_send_mail():
    mail.OUTBOX.clear()
    assert mail.send_mail("Hi", "there", recipient="a@b") == 1
    assert mail.OUTBOX[0]["to"] == "a@b"
