import os, requests

token = requests.post(
    os.environ["ARZAMED_TOKEN_URL"],
    auth=(os.environ["ARZAMED_CLIENT_ID"], os.environ["ARZAMED_CLIENT_SECRET"]),
    data={"grant_type": "client_credentials", "scope": "https://api.nextgen.arzamed.com/read"},
).json()["access_token"]
doctors = requests.get(
    "https://api.nextgen.arzamed.com/api/v1/equipe/doctors", headers={"Authorization": f"Bearer {token}"}
)
doctors.raise_for_status()
print(doctors.text)
