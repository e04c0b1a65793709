"""The vendor's quickstart, with Python's own library."""

import base64
import json
import os
from urllib.parse import urlencode
from urllib.request import Request, urlopen

BASE_URL = "https://api.nextgen.arzamed.com/api/v1"

credentials = f"{os.environ['ARZAMED_CLIENT_ID']}:{os.environ['ARZAMED_CLIENT_SECRET']}"
form = {"grant_type": "client_credentials", "scope": "https://api.nextgen.arzamed.com/read"}
request = Request(
    os.environ["ARZAMED_TOKEN_URL"],
    data=urlencode(form).encode(),
    headers={"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()},
)
with urlopen(request, timeout=10) as answer:
    token = json.load(answer)["access_token"]

request = Request(f"{BASE_URL}/equipe/doctors", headers={"Authorization": f"Bearer {token}"})
with urlopen(request, timeout=10) as answer:
    print(json.dumps(json.load(answer)))
