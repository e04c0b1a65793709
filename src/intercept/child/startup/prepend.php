<?php
// `arzamed exec` has every PHP below it run this first. PHP's streams heed no proxy variable, but a default context.
(static function (): void {
    $proxy = getenv('http_proxy');
    if (!is_string($proxy) || $proxy === '') {
        return;
    }
    $tcp = preg_replace('#^http:#', 'tcp:', rtrim($proxy, '/'));
    stream_context_set_default(['http' => ['proxy' => $tcp, 'request_fulluri' => true]]);
})();

// The file that PHP would have run first without this one.
foreach (array_reverse(explode(',', php_ini_loaded_file() . ',' . php_ini_scanned_files())) as $__arzamed) {
    $__arzamed = (@parse_ini_file(trim($__arzamed)) ?: [])['auto_prepend_file'] ?? '';
    if (is_string($__arzamed) && $__arzamed !== '' && strpos($__arzamed, 'arzamed-exec-') === false) {
        require $__arzamed;
        break;
    }
}
unset($__arzamed);
error_clear_last();
