"""The vendor's quickstart, with httpx."""

import json
import os

import httpx

BASE_URL = "https://api.nextgen.arzamed.com/api/v1"

answer = httpx.post(
    os.environ["ARZAMED_TOKEN_URL"],
    auth=(os.environ["ARZAMED_CLIENT_ID"], os.environ["ARZAMED_CLIENT_SECRET"]),
    data={"grant_type": "client_credentials", "scope": "https://api.nextgen.arzamed.com/read"},
)
answer.raise_for_status()
token = answer.json()["access_token"]

doctors = httpx.get(f"{BASE_URL}/equipe/doctors", headers={"Authorization": f"Bearer {token}"})
doctors.raise_for_status()
print(json.dumps(doctors.json()))
