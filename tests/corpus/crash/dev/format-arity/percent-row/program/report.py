from layout import HEADING, row
from metrics import METRICS


def report(metrics):
    lines = [HEADING]
    for metric in metrics:
        lines.append(row(metric.name, metric.value, metric.unit, metric.trend()))
    return "\n".join(lines)


def main():
    print(report(METRICS))


if __name__ == "__main__":
    main()
