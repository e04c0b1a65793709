"""One mock for the whole run, and a sandbox of it for each test."""

import json
import os
import subprocess
import time
from urllib.request import Request, urlopen

import pytest


def pytest_configure(config):
    # The workers of xdist inherit the variable.
    if "ARZAMED_MOCK_URL" not in os.environ:
        mock = subprocess.Popen(["arzamed", "mock", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True)
        config.add_cleanup(mock.terminate)
        os.environ["ARZAMED_MOCK_URL"] = json.loads(mock.stdout.readline())["url"]
    wait_until_ready(os.environ["ARZAMED_MOCK_URL"])


def wait_until_ready(url, seconds=10):
    end = time.monotonic() + seconds
    while True:
        try:
            return call("GET", f"{url}/_mock/health")
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def call(method, url, body=None):
    """Calls the control API. A mock in a container wants its control token."""
    headers = {"Authorization": f"Bearer {os.environ.get('ARZAMED_CONTROL_TOKEN', '')}"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, headers, method=method), timeout=10) as answer:
        return json.loads(answer.read() or "null")


class Sandbox:
    """Has its own URLs, keys, clock, faults, journal and findings."""

    def __init__(self):
        made = call("POST", f"{os.environ['ARZAMED_MOCK_URL']}/_mock/sandboxes")
        self.control_url = made["controlUrl"]
        clinic = next(each for each in made["clinics"] if each["clinic"] == "bianchi")
        key = clinic["keys"][0]
        self.settings = {
            "base_url": made["baseUrl"],
            "token_url": clinic["tokenUrl"],
            "client_id": key["clientId"],
            "client_secret": key["clientSecret"],
        }
        self.url = f"{os.environ['ARZAMED_MOCK_URL']}/_mock/sandboxes/{made['id']}"

    def fault(self, **fields):
        call("POST", f"{self.control_url}/faults", fields)

    def revoke_key(self):
        call("POST", f"{self.control_url}/keys/{self.settings['client_id']}/revoke")

    def findings(self):
        return call("GET", f"{self.control_url}/findings?ended=true")["findings"]


@pytest.fixture
def sandbox():
    """Fails the test whose program did something wrong, though its result was right."""
    sandbox = Sandbox()
    yield sandbox
    findings = sandbox.findings()
    call("DELETE", sandbox.url)
    assert [finding["message"] for finding in findings] == []
