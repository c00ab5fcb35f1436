def label(cents, currency, text):
    whole, rest = divmod(cents, 100)
    return "%d.%02d %s" % (whole, rest, currency, text)
