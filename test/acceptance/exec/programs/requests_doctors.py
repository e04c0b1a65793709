"""The vendor's quickstart, with requests."""

import json
import os

import requests

BASE_URL = "https://api.nextgen.arzamed.com/api/v1"

answer = requests.post(
    os.environ["ARZAMED_TOKEN_URL"],
    auth=(os.environ["ARZAMED_CLIENT_ID"], os.environ["ARZAMED_CLIENT_SECRET"]),
    data={"grant_type": "client_credentials", "scope": "https://api.nextgen.arzamed.com/read"},
    timeout=10,
)
answer.raise_for_status()
token = answer.json()["access_token"]

doctors = requests.get(f"{BASE_URL}/equipe/doctors", headers={"Authorization": f"Bearer {token}"}, timeout=10)
doctors.raise_for_status()
print(json.dumps(doctors.json()))
