#!/bin/sh
# The vendor's quickstart, with curl.
set -eu
token=$(curl -sSf -X POST "$ARZAMED_TOKEN_URL" \
  -u "$ARZAMED_CLIENT_ID:$ARZAMED_CLIENT_SECRET" \
  -H "Content-Type: application/x-www-form-urlencoded" \
  -d "grant_type=client_credentials" \
  -d "scope=https://api.nextgen.arzamed.com/read" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -sSf https://api.nextgen.arzamed.com/api/v1/equipe/doctors -H "Authorization: Bearer $token"
