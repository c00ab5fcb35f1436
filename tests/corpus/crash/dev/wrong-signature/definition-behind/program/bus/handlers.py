def on_order(event, context):
    context.log.append(f"{context.tenant}: order {event['id']}")
    return event["total"]


def on_shipment(event, context):
    context.log.append(f"{context.tenant}: shipped {event['id']}")
    return 0


def on_refund(event):
    return -event["total"]
