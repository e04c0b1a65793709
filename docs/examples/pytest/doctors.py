"""The program under test: replace it by yours."""

import base64
import json
import random
import time
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen


class KeyRevoked(Exception):
    """A person has to ask for a new key."""


class Doctors:
    def __init__(self, base_url, token_url, client_id, client_secret):
        self.base_url = base_url
        credentials = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        form = {"grant_type": "client_credentials", "scope": "https://api.nextgen.arzamed.com/read"}
        request = Request(token_url, urlencode(form).encode(), {"Authorization": f"Basic {credentials}"})
        with urlopen(request, timeout=10) as answer:
            self.token = json.load(answer)["access_token"]

    def list(self, attempts=3):
        request = Request(f"{self.base_url}/equipe/doctors", headers={"Authorization": f"Bearer {self.token}"})
        try:
            with urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except HTTPError as error:
            if error.code == 403:
                raise KeyRevoked from error
            if error.code != 503 or attempts == 1:
                raise
        time.sleep(random.uniform(0.1, 0.2))
        return self.list(attempts - 1)
