from concurrent.futures import ThreadPoolExecutor

import limits
from checks import check


def survey(hosts: list[str]) -> dict[str, str]:
    with ThreadPoolExecutor(limits.WORKERS) as pool:
        futures = {host: pool.submit(check, host) for host in hosts}
        return {host: future.result(timeout=limits.RESULT_TIMEOUT) for host, future in futures.items()}
