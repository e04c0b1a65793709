<?php
$form = http_build_query(['grant_type' => 'client_credentials', 'scope' => 'https://api.nextgen.arzamed.com/read']);
$ask = curl_init(getenv('ARZAMED_TOKEN_URL'));
curl_setopt_array($ask, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_POSTFIELDS => $form,
    CURLOPT_USERPWD => getenv('ARZAMED_CLIENT_ID') . ':' . getenv('ARZAMED_CLIENT_SECRET'),
]);
$token = json_decode(curl_exec($ask))->access_token;
$doctors = curl_init('https://api.nextgen.arzamed.com/api/v1/equipe/doctors');
curl_setopt_array($doctors, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"],
]);
echo curl_exec($doctors), "\n";
