import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createControlClient } from '../../src/control/index.ts';
import { createClient } from '../../src/client/index.ts';
