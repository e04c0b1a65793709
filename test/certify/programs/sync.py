"""A program as an integrator writes it, with nothing but Python: it prints the names of a list, fetched twice."""
import base64
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

env = os.environ
scope = "https://api.nextgen.arzamed.com/read"


class Refuse(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(Refuse())
token = None


def send(request):
    """Status, headers and body of an answer."""
    try:
        with opener.open(request, timeout=3) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def request_token():
    pair = f"{env['ARZAMED_CLIENT_ID']}:{env['ARZAMED_CLIENT_SECRET']}"
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope})
    headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    for attempt in range(3):
        request = urllib.request.Request(env["ARZAMED_TOKEN_URL"], form.encode(), headers)
        status, _, body = send(request)
        if status == 200:
            return json.loads(body)["access_token"]
        if status != 503:
            break
        time.sleep(0.1 * 2**attempt)
    raise RuntimeError(f"the token endpoint answered {status}")


def fetch_list():
    global token
    renewed = False
    for attempt in range(4):
        token = token or request_token()
        headers = {"Authorization": f"Bearer {token}"}
        status, answered, body = send(urllib.request.Request(env["ARZAMED_BASE_URL"] + "/equipe/doctors", headers=headers))
        if status == 200:
            if answered.get_content_type() != "application/json":
                raise RuntimeError("the answer is no JSON")
            return json.loads(body)
        if status == 401 and not renewed:
            renewed, token = True, None
        elif status in (429, 503):
            time.sleep(float(answered.get("Retry-After") or 0.1 * 2**attempt))
        else:
            break
    raise RuntimeError(f"the API answered {status}")


try:
    sys.stdout.reconfigure(encoding="utf-8")
    items = fetch_list()
    fetch_list()
    print("\n".join(item["name"] for item in items))
except (RuntimeError, OSError, ValueError, http.client.HTTPException) as error:
    sys.exit(f"{type(error).__name__}")
