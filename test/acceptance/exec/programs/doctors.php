<?php
// The vendor's quickstart, with PHP's curl.
const BASE_URL = 'https://api.nextgen.arzamed.com/api/v1';

function send(string $url, array $options): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_FAILONERROR => true]);
    $body = curl_exec($curl);
    if ($body === false) {
        fwrite(STDERR, curl_error($curl) . "\n");
        exit(1);
    }
    return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
}

$token = send(getenv('ARZAMED_TOKEN_URL'), [
    CURLOPT_USERPWD => getenv('ARZAMED_CLIENT_ID') . ':' . getenv('ARZAMED_CLIENT_SECRET'),
    CURLOPT_POSTFIELDS => http_build_query([
        'grant_type' => 'client_credentials',
        'scope' => 'https://api.nextgen.arzamed.com/read',
    ]),
])['access_token'];

echo json_encode(send(BASE_URL . '/equipe/doctors', [CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"]]));
