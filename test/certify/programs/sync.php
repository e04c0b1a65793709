<?php
// A program as an integrator writes it, with PHP's curl: it prints the names of a list, fetched twice.

const SCOPE = 'https://api.nextgen.arzamed.com/read';

/** Status, headers and body of an answer. */
function send(string $url, array $options): array
{
    $headers = [];
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT_MS => 3000,
        CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$headers): int {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $headers[strtolower($name)] = trim($value);
            return strlen($line);
        },
    ]);
    $body = curl_exec($curl);
    if ($body === false) {
        throw new RuntimeException(curl_error($curl));
    }
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $headers, $body];
}

function requestToken(): string
{
    $form = http_build_query(['grant_type' => 'client_credentials', 'scope' => SCOPE]);
    for ($attempt = 0; $attempt < 3; $attempt++) {
        [$status, , $body] = send(getenv('ARZAMED_TOKEN_URL'), [
            CURLOPT_POSTFIELDS => $form,
            CURLOPT_USERPWD => getenv('ARZAMED_CLIENT_ID') . ':' . getenv('ARZAMED_CLIENT_SECRET'),
        ]);
        if ($status === 200) {
            return json_decode($body, true, 512, JSON_THROW_ON_ERROR)['access_token'];
        }
        if ($status !== 503) {
            break;
        }
        usleep(100_000 * 2 ** $attempt);
    }
    throw new RuntimeException("the token endpoint answered $status");
}

function fetchList(): array
{
    static $token = null;
    $renewed = false;
    for ($attempt = 0; $attempt < 4; $attempt++) {
        $token ??= requestToken();
        $options = [CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"]];
        [$status, $headers, $body] = send(getenv('ARZAMED_BASE_URL') . '/equipe/doctors', $options);
        if ($status === 200) {
            if (!str_starts_with($headers['content-type'] ?? '', 'application/json')) {
                throw new RuntimeException('the answer is no JSON');
            }
            return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
        }
        if ($status === 401 && !$renewed) {
            $renewed = true;
            $token = null;
        } elseif ($status === 429 || $status === 503) {
            usleep((int) (1_000_000 * ($headers['retry-after'] ?? 0.1 * 2 ** $attempt)));
        } else {
            break;
        }
    }
    throw new RuntimeException("the API answered $status");
}

try {
    $items = fetchList();
    fetchList();
    echo implode("\n", array_column($items, 'name')), "\n";
} catch (RuntimeException | JsonException $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}
