from flask import Flask, jsonify, request

from photos import limits


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = limits.MAX_CONTENT_LENGTH
    app.photos = {}

    @app.post("/photos/<name>")
    def upload(name: str):
        if len(app.photos) >= limits.MAX_PHOTOS:
            return jsonify(error="too many photos"), 409
        app.photos[name] = request.get_data()
        return jsonify(name=name, size=len(app.photos[name])), 201

    return app
