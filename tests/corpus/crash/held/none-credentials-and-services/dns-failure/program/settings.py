METRICS_HOST = "metrics.cluster-7.invalid"
METRICS_PORT = 2003
