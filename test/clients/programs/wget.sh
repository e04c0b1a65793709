#!/bin/sh
# The vendor's quickstart, with wget.
set -eu
token=$(wget -q -O - --auth-no-challenge --user "$ARZAMED_CLIENT_ID" --password "$ARZAMED_CLIENT_SECRET" \
  --post-data "grant_type=client_credentials&scope=https://api.nextgen.arzamed.com/read" \
  "$ARZAMED_TOKEN_URL" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
wget -q -O - --header "Authorization: Bearer $token" https://api.nextgen.arzamed.com/api/v1/equipe/doctors
