import base64, json, os
from urllib.parse import urlencode
from urllib.request import Request, urlopen

key = f'{os.environ["ARZAMED_CLIENT_ID"]}:{os.environ["ARZAMED_CLIENT_SECRET"]}'
form = urlencode({"grant_type": "client_credentials", "scope": "https://api.nextgen.arzamed.com/read"})
basic = {"Authorization": "Basic " + base64.b64encode(key.encode()).decode()}
token = json.load(urlopen(Request(os.environ["ARZAMED_TOKEN_URL"], form.encode(), basic)))["access_token"]
bearer = {"Authorization": f"Bearer {token}"}
print(urlopen(Request("https://api.nextgen.arzamed.com/api/v1/equipe/doctors", headers=bearer)).read().decode())
