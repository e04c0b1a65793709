<?php

declare(strict_types=1);

final class KeyRevoked extends RuntimeException
{
}

/** The program under test: replace it by yours. */
final class Doctors
{
    private string $token;

    public function __construct(private string $baseUrl, string $tokenUrl, string $clientId, string $clientSecret)
    {
        $basic = base64_encode(urlencode($clientId) . ':' . urlencode($clientSecret));
        $form = ['grant_type' => 'client_credentials', 'scope' => 'https://api.nextgen.arzamed.com/read'];
        $headers = ["Authorization: Basic $basic", 'Content-Type: application/x-www-form-urlencoded'];
        [$status, $answer] = self::send('POST', $tokenUrl, $headers, http_build_query($form));
        if ($status !== 200) {
            throw new RuntimeException("Token request: HTTP $status");
        }
        $this->token = $answer['access_token'];
    }

    public function list(): array
    {
        for ($attempt = 1; ; $attempt++) {
            $headers = ["Authorization: Bearer $this->token"];
            [$status, $answer] = self::send('GET', "$this->baseUrl/equipe/doctors", $headers);
            if ($status === 200) {
                return $answer;
            }
            if ($status === 403) {
                throw new KeyRevoked('Ask for a new key.');
            }
            if ($status !== 503 || $attempt === 3) {
                throw new RuntimeException("Doctors: HTTP $status");
            }
            usleep(random_int(100_000, 200_000) * $attempt);
        }
    }

    private static function send(string $method, string $url, array $headers, string $body = ''): array
    {
        $http = ['method' => $method, 'header' => $headers, 'content' => $body, 'timeout' => 10];
        $http += ['ignore_errors' => true, 'follow_location' => 0];
        $answer = file_get_contents($url, false, stream_context_create(['http' => $http]));
        return [(int) explode(' ', $http_response_header[0])[1], json_decode($answer, true)];
    }
}
