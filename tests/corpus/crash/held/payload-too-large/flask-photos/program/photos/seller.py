class UploadFailed(RuntimeError):
    pass


def upload(client, name: str, data: bytes) -> int:
    answer = client.post(f"/photos/{name}", data=data, content_type="image/jpeg")
    if answer.status_code != 201:
        raise UploadFailed(f"{name}: {answer.status}")
    return answer.json["size"]
