<?php

// Starts one mock for the whole run, unless one is running.

declare(strict_types=1);

require __DIR__ . '/Doctors.php';
require __DIR__ . '/Sandbox.php';

if (getenv('ARZAMED_MOCK_URL') === false) {
    $mock = proc_open(['arzamed', 'mock', '--port', '0', '--json'], [1 => ['pipe', 'w']], $pipes);
    register_shutdown_function(static fn () => proc_terminate($mock));
    $started = json_decode((string) fgets($pipes[1]), true, flags: JSON_THROW_ON_ERROR);
    putenv("ARZAMED_MOCK_URL={$started['url']}");
}

$end = time() + 10;
while (@file_get_contents(getenv('ARZAMED_MOCK_URL') . '/_mock/health') === false) {
    if (time() > $end) {
        throw new RuntimeException('The mock at ' . getenv('ARZAMED_MOCK_URL') . ' does not answer.');
    }
    usleep(50_000);
}
