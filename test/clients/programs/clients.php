<?php
// Lists the doctors, with the client that is named. It knows nothing of a mock.
const DOCTORS_URL = 'https://api.nextgen.arzamed.com/api/v1/equipe/doctors';

function byCurl(string $url, array $headers, ?string $form): string
{
    $curl = curl_init($url);
    $post = $form === null ? [] : [CURLOPT_POSTFIELDS => $form];
    curl_setopt_array($curl, $post + [CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => $headers]);
    return (string) curl_exec($curl);
}

/** A context of one's own, which has the proxy only where it is told. */
function byStreams(string $url, array $headers, ?string $form): string
{
    global $argv;
    $told = in_array('--told', $argv) ? ['proxy' => preg_replace('#^http#', 'tcp', getenv('https_proxy'))] : [];
    $method = $form === null ? [] : ['method' => 'POST', 'content' => $form];
    return (string) file_get_contents($url, false, stream_context_create(['http' => ['header' => $headers] + $method + $told]));
}

/** The default context, changed as the program goes. */
function byDefaultContext(string $url, array $headers, ?string $form): string
{
    $method = $form === null ? ['method' => 'GET', 'content' => ''] : ['method' => 'POST', 'content' => $form];
    stream_context_set_default(['http' => ['header' => $headers] + $method]);
    return (string) file_get_contents($url);
}

$send = ['curl' => 'byCurl', 'streams' => 'byStreams', 'default' => 'byDefaultContext'][$argv[1]];
$form = http_build_query(['grant_type' => 'client_credentials', 'scope' => 'https://api.nextgen.arzamed.com/read']);
$basic = base64_encode(getenv('ARZAMED_CLIENT_ID') . ':' . getenv('ARZAMED_CLIENT_SECRET'));
$headers = ["Authorization: Basic $basic", 'Content-Type: application/x-www-form-urlencoded'];
$token = json_decode($send(getenv('ARZAMED_TOKEN_URL'), $headers, $form), true)['access_token'] ?? exit(1);
echo $send(DOCTORS_URL, ["Authorization: Bearer $token"], null);
