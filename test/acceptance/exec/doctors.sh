#!/bin/sh
# As an integrator writes it: the credentials from the environment, the API by its name.
set -eu
token=$(curl -fsS -u "$ARZAMED_CLIENT_ID:$ARZAMED_CLIENT_SECRET" -d grant_type=client_credentials \
  -d scope=https://api.nextgen.arzamed.com/read "$ARZAMED_TOKEN_URL" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -fsS -H "Authorization: Bearer $token" https://api.nextgen.arzamed.com/api/v1/equipe/doctors
