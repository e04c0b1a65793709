<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class DoctorsTest extends TestCase
{
    private Sandbox $sandbox;

    protected function setUp(): void
    {
        $this->sandbox = new Sandbox();
    }

    protected function assertPostConditions(): void
    {
        self::assertSame([], $this->sandbox->findings());
    }

    protected function tearDown(): void
    {
        $this->sandbox->close();
    }

    public function testListsTheDoctors(): void
    {
        $doctors = new Doctors(...$this->sandbox->settings);
        self::assertCount(3, $doctors->list());
    }

    public function testRepeatsACallAfter503(): void
    {
        $doctors = new Doctors(...$this->sandbox->settings);
        $this->sandbox->fault(['operationId' => 'listDoctors', 'status' => 503, 'count' => 1]);
        self::assertCount(3, $doctors->list());
    }

    public function testSaysThatTheKeyWasRevoked(): void
    {
        $doctors = new Doctors(...$this->sandbox->settings);
        $this->sandbox->revokeKey();
        $this->expectException(KeyRevoked::class);
        $doctors->list();
    }
}
