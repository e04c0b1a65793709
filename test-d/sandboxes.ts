// What a test makes beside a mock, so that others are not in its way.
import type { ErrorStyle, Mock, MockSandbox, NewSandbox, Sandboxes } from 'arzamed-devkit/mock';
import { same } from './same.ts';

declare const mock: Mock;

// It ends with its block, and does what a mock does.
await using sandbox = mock.sandboxes.create();
same<typeof sandbox, MockSandbox>();
const either: MockSandbox[] = [mock, sandbox];
void either;
same<keyof Sandboxes, 'create' | 'list' | 'end'>();
same<Sandboxes['create'], (options?: NewSandbox) => MockSandbox>();
same<Sandboxes['list'], () => MockSandbox[]>();
same<Sandboxes['end'], (id: string) => void>();
same<NewSandbox, { seed?: number | undefined; errorStyle?: ErrorStyle | undefined }>();
// @ts-expect-error A sandbox has none of its own.
void sandbox.sandboxes;
