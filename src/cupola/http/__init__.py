"""What every plugin's `api` and the server are written with: what a request asks and what is answered.

    from cupola.http.answers import columns_response
    from cupola.http.requests import series_key
    from cupola.http.routing import get

    def routes(provider: DataProvider) -> list[Route]:
        def steps(request: Request) -> Response:
            columns = provider.blobs(series_key(request, "images"))
            return columns_response({"step": columns.step, "wall_time": columns.wall_time})

        return [get("/steps", steps)]

Errors become answers in `cupola.server.app`: `ApiError` (its status), `NotFound` (404), `DecodeError` (422:
the value in the file is not what it claims to be), `Unreadable` (410: a provider's reads alone raise it).
"""
