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

function byGuzzle(string $url, array $headers, ?string $form): string
{
    global $argv;
    require_once 'GuzzleHttp/autoload.php';
    $handler = ['guzzle' => 'GuzzleHttp\\Handler\\CurlHandler', 'guzzle-streams' => 'GuzzleHttp\\Handler\\StreamHandler'][$argv[1]];
    $client = new GuzzleHttp\Client(['handler' => GuzzleHttp\HandlerStack::create(new $handler())]);
    $request = new GuzzleHttp\Psr7\Request($form === null ? 'GET' : 'POST', $url, [], $form);
    foreach ($headers as $header) {
        [$name, $value] = explode(': ', $header, 2);
        $request = $request->withHeader($name, $value);
    }
    return (string) $client->send($request)->getBody();
}

$ways = ['curl' => 'byCurl', 'streams' => 'byStreams', 'default' => 'byDefaultContext'];
$send = $ways[$argv[1]] ?? 'byGuzzle';
$form = http_build_query(['grant_type' => 'client_credentials', 'scope' => 'https://api.nextgen.arzamed.com/read']);
$basic = base64_encode(getenv('ARZAMED_CLIENT_ID') . ':' . getenv('ARZAMED_CLIENT_SECRET'));
$headers = ["Authorization: Basic $basic", 'Content-Type: application/x-www-form-urlencoded'];
$token = json_decode($send(getenv('ARZAMED_TOKEN_URL'), $headers, $form), true)['access_token'] ?? exit(1);
echo $send(DOCTORS_URL, ["Authorization: Bearer $token"], null);
