<?php

declare(strict_types=1);

/** Has its own URLs, keys, clock, faults, journal and findings. */
final class Sandbox
{
    public readonly array $settings;
    private array $made;

    public function __construct()
    {
        $this->made = self::call('POST', getenv('ARZAMED_MOCK_URL') . '/_mock/sandboxes');
        [$clinic] = array_values(array_filter($this->made['clinics'], fn ($each) => $each['clinic'] === 'bianchi'));
        ['clientId' => $id, 'clientSecret' => $secret] = $clinic['keys'][0];
        $this->settings = [$this->made['baseUrl'], $clinic['tokenUrl'], $id, $secret];
    }

    public function fault(array $fault): void
    {
        self::call('POST', $this->made['controlUrl'] . '/faults', $fault);
    }

    public function revokeKey(): void
    {
        self::call('POST', "{$this->made['controlUrl']}/keys/{$this->settings[2]}/revoke");
    }

    /** What the program did wrong, though its result may be right. */
    public function findings(): array
    {
        $listed = self::call('GET', $this->made['controlUrl'] . '/findings?ended=true');
        return array_column($listed['findings'], 'message');
    }

    public function close(): void
    {
        self::call('DELETE', getenv('ARZAMED_MOCK_URL') . "/_mock/sandboxes/{$this->made['id']}");
    }

    /** Calls the control API. A mock in a container wants its control token. */
    private static function call(string $method, string $url, ?array $body = null): ?array
    {
        $headers = ['Authorization: Bearer ' . getenv('ARZAMED_CONTROL_TOKEN'), 'Content-Type: application/json'];
        $http = ['method' => $method, 'header' => $headers, 'content' => $body === null ? '' : json_encode($body)];
        return json_decode(file_get_contents($url, false, stream_context_create(['http' => $http])), true);
    }
}
