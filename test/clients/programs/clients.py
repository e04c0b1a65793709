"""Lists the doctors, with the client that is named. It knows nothing of a mock."""

import asyncio
import base64
import http.client
import json
import os
import sys
from urllib.parse import urlencode, urlsplit

TOKEN_URL, ID, SECRET = (os.environ["ARZAMED_" + name] for name in ("TOKEN_URL", "CLIENT_ID", "CLIENT_SECRET"))
DOCTORS_URL = "https://api.nextgen.arzamed.com/api/v1/equipe/doctors"
SCOPE = "https://api.nextgen.arzamed.com/read"
BASIC = "Basic " + base64.b64encode((ID + ":" + SECRET).encode()).decode()
FORM = urlencode({"grant_type": "client_credentials", "scope": SCOPE})


def by_requests(method, url, headers, body):
    import requests

    return requests.request(method, url, headers=headers, data=body, timeout=20).json()


def by_requests_session(method, url, headers, body):
    import requests

    session = requests.Session()
    session.trust_env = False
    return session.request(method, url, headers=headers, data=body, timeout=20).json()


def by_httpx(method, url, headers, body):
    import httpx

    with httpx.Client() as client:
        return client.request(method, url, headers=headers, content=body).json()


def by_httpx_async(method, url, headers, body):
    import httpx

    async def send():
        async with httpx.AsyncClient() as client:
            return (await client.request(method, url, headers=headers, content=body)).json()

    return asyncio.run(send())


def by_aiohttp(method, url, headers, body):
    import aiohttp

    async def send():
        async with aiohttp.ClientSession() as session:
            async with session.request(method, url, headers=headers, data=body) as answer:
                return await answer.json()

    return asyncio.run(send())


def by_urllib3(method, url, headers, body):
    import urllib3

    return json.loads(urllib3.PoolManager().request(method, url, headers=headers, body=body).data)


def by_http_client(method, url, headers, body):
    target = urlsplit(url)
    connection = http.client.HTTPSConnection(target.netloc, timeout=20)
    connection.request(method, target.path, body=body, headers=headers)
    return json.loads(connection.getresponse().read())


def by_urllib(method, url, headers, body):
    from urllib.request import Request, urlopen

    request = Request(url, data=body and body.encode(), headers=headers, method=method)
    return json.load(urlopen(request, timeout=20))


def by_httplib2(method, url, headers, body):
    import httplib2

    return json.loads(httplib2.Http().request(url, method, body=body, headers=headers)[1])


def by_tornado(method, url, headers, body):
    from tornado.httpclient import AsyncHTTPClient

    async def send():
        return await AsyncHTTPClient().fetch(url, method=method, headers=headers, body=body)

    return json.loads(asyncio.run(send()).body)


def by_pycurl(method, url, headers, body):
    import pycurl

    curl = pycurl.Curl()
    if "--told" in sys.argv:
        curl.setopt(pycurl.CAINFO, os.environ["SSL_CERT_FILE"])
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.HTTPHEADER, ["%s: %s" % pair for pair in headers.items()])
    if body:
        curl.setopt(pycurl.POSTFIELDS, body)
    return json.loads(curl.perform_rs())


def by_authlib(method, url, headers, body):
    from authlib.integrations.requests_client import OAuth2Session

    session = OAuth2Session(ID, SECRET, scope=SCOPE)
    session.fetch_token(TOKEN_URL, grant_type="client_credentials")
    return session.get(DOCTORS_URL).json()


name = sys.argv[1]
send = globals()["by_" + name]
headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": BASIC}
token = "" if name == "authlib" else send("POST", TOKEN_URL, headers, FORM)["access_token"]
print(json.dumps(send("GET", DOCTORS_URL, {"Authorization": "Bearer " + token}, None)))
