#!/bin/sh
# The vendor's quickstart, with HTTPie.
set -eu
token=$(http --ignore-stdin --check-status --form --auth "$ARZAMED_CLIENT_ID:$ARZAMED_CLIENT_SECRET" "$ARZAMED_TOKEN_URL" \
  grant_type=client_credentials scope=https://api.nextgen.arzamed.com/read | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
http --ignore-stdin --body https://api.nextgen.arzamed.com/api/v1/equipe/doctors "Authorization:Bearer $token"
