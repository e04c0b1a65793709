import { afterEach, describe, expect, test } from '@jest/globals';
import { createClient, createClientFromEnv, InvalidOptionError } from '../../src/client/index.ts';

const options = {
  tokenUrl: 'https://token.invalid/oauth2/token',
  clientId: 'bianchi-backend',
  clientSecret: 'canary-secret',
};

const environment = {
  ARZAMED_TOKEN_URL: options.tokenUrl,
  ARZAMED_CLIENT_ID: options.clientId,
  ARZAMED_CLIENT_SECRET: options.clientSecret,
};

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('It threw nothing.');
}

describe('createClient', () => {
  test.each(['tokenUrl', 'clientId', 'clientSecret'] as const)('without %s names it', (option) => {
    const error = thrownBy(() => createClient({ ...options, [option]: undefined }));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({
      code: 'invalid_option',
      option,
      message: `The option ${option} is missing.`,
    });
  });

  test.each([
    ['tokenUrl', 'http://api.example.com/oauth2/token', 'Found: http://api.example.com'],
    ['tokenUrl', 'ftp://localhost/', 'Found: ftp://localhost'],
    ['tokenUrl', 'token.example.com', 'Found: no URL'],
    ['tokenUrl', 'http://127.0.0.1.example.com/', 'Found: http://127.0.0.1.example.com'],
    ['baseUrl', 'http://api.example.com/api/v1', 'Found: http://api.example.com'],
  ])('refuses a %s that is neither https nor on this machine: %s', (option, url, found) => {
    const error = thrownBy(() => createClient({ ...options, [option]: url }));
    expect(error).toMatchObject({ code: 'invalid_option', option });
    expect(error).toHaveProperty('message', expect.stringContaining(`must be an https URL, or http on this machine`));
    expect(error).toHaveProperty('message', expect.stringContaining(found));
  });

  test.each([
    'http://localhost:1/',
    'http://127.0.0.1/',
    'http://127.8.9.1/',
    'http://[::1]:1/',
    'http://a.localhost/',
  ])('takes http on this machine: %s', (tokenUrl) => {
    expect(() => createClient({ ...options, tokenUrl, baseUrl: tokenUrl })).not.toThrow();
  });

  test.each(['http://127.0.0.1:4010/token', 'HTTP://localhost/token'])(
    'does not send the tokens of a mock to production, where baseUrl is forgotten: %s',
    (tokenUrl) => {
      const message = 'must be an https URL, or http on this machine, without password. Found: no URL';
      expect(thrownBy(() => createClient({ ...options, tokenUrl }))).toMatchObject({
        code: 'invalid_option',
        option: 'baseUrl',
        message: `The option baseUrl ${message}.`,
      });
      expect(thrownBy(() => createClientFromEnv({}, { ...environment, ARZAMED_TOKEN_URL: tokenUrl }))).toMatchObject({
        option: 'ARZAMED_BASE_URL',
        message: `The environment variable ARZAMED_BASE_URL ${message}.`,
      });
    },
  );

  test('sends tokens of this machine to production where baseUrl says so', () => {
    const baseUrl = 'https://api.nextgen.arzamed.com/api/v1';
    expect(() => createClient({ ...options, tokenUrl: 'http://127.0.0.1:4010/token', baseUrl })).not.toThrow();
  });

  test.each(['attempts', 'attemptTimeout', 'totalTimeout'] as const)('refuses nonsense for %s', (option) => {
    for (const value of [0, -1, Number.NaN, Infinity, 2 ** 31]) {
      const error = thrownBy(() => createClient({ ...options, [option]: value }));
      expect(error).toMatchObject({ code: 'invalid_option', option });
    }
  });

  test('refuses a URL with a password, which fetch would repeat in its message', () => {
    const error = thrownBy(() => createClient({ ...options, tokenUrl: 'https://me:canary@example.com/' }));
    expect(error).toMatchObject({ code: 'invalid_option', option: 'tokenUrl' });
    expect(String(error)).not.toContain('canary');
  });

  test('does not repeat a password that stands in a URL', () => {
    const error = thrownBy(() => createClient({ ...options, tokenUrl: 'http://me:canary@example.com/?canary' }));
    expect(String(error)).not.toContain('canary');
  });
});

describe('an option that does not exist', () => {
  test.each([
    ['clientID', 'clientId'],
    ['client_secret', 'clientSecret'],
    ['baseURL', 'baseUrl'],
    ['timeout', 'attemptTimeout'],
    ['scopes', 'scope'],
    ['maxAttempts', 'attempts'],
  ])('is refused with the one that is meant: %s', (option, meant) => {
    const error = thrownBy(() => createClient(Object.assign({}, options, { [option]: 'https://a.invalid' })));
    const message = `The option ${option} is unknown (did you mean ${meant}?).`;
    expect(error).toMatchObject({ code: 'invalid_option', option, message });
  });

  test('is refused where none is like it', () => {
    const error = thrownBy(() => createClient(Object.assign({ agent: 1 }, options)));
    expect(error).toHaveProperty('message', 'The option agent is unknown.');
  });

  test('is none where the key of a mock is given as it is, which has a status', () => {
    expect(() => createClient(Object.assign({ status: 'active' }, options))).not.toThrow();
  });

  test('is none where it is undefined', () => {
    expect(() => createClient(Object.assign({ agent: undefined }, options))).not.toThrow();
  });
});

test.each(['clientId', 'clientSecret', 'tokenUrl'] as const)(
  'a %s with a line break at its end, as a file has it, is refused with that reason',
  (option) => {
    for (const end of ['\n', '\r\n']) {
      const error = thrownBy(() => createClient({ ...options, [option]: options[option] + end }));
      expect(error).toMatchObject({ option, message: `The option ${option} ends with a line break.` });
    }
  },
);

describe('in a browser', () => {
  const reason = 'the secret must not be in client-side code';

  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'document');
    Reflect.deleteProperty(globalThis, 'importScripts');
  });

  test.each([
    ['a page', 'document'],
    ['a worker', 'importScripts'],
  ])('%s gets no client, with the reason', (_name, global) => {
    Reflect.set(globalThis, global, {});
    const error = thrownBy(() => createClient(options));
    expect(error).toMatchObject({ code: 'invalid_option', option: 'dangerouslyAllowBrowser' });
    expect(error).toHaveProperty('message', expect.stringContaining(reason));
  });

  test('a page gets one if it says that it wants one', () => {
    Reflect.set(globalThis, 'document', {});
    expect(() => createClient({ ...options, dangerouslyAllowBrowser: true })).not.toThrow();
  });
});

describe('createClientFromEnv', () => {
  test.each(['ARZAMED_TOKEN_URL', 'ARZAMED_CLIENT_ID', 'ARZAMED_CLIENT_SECRET'])(
    'names %s where it is missing',
    (name) => {
      const error = thrownBy(() => createClientFromEnv({}, { ...environment, [name]: '' }));
      expect(error).toMatchObject({
        code: 'invalid_option',
        option: name,
        message: `The environment variable ${name} is missing.`,
      });
    },
  );

  test('names all that is missing at once', () => {
    const error = thrownBy(() => createClientFromEnv({}, { ARZAMED_CLIENT_ID: 'a' }));
    expect(error).toMatchObject({
      option: 'ARZAMED_CLIENT_SECRET, ARZAMED_TOKEN_URL',
      message:
        'The environment variable ARZAMED_CLIENT_SECRET is missing. The environment variable ARZAMED_TOKEN_URL is missing.',
    });
  });

  test.each([
    ['ARZAMED_BASE_URL', '', 'must be an https URL'],
    ['ARZAMED_BASE_URL', ' ', 'must be an https URL'],
    ['ARZAMED_TOKEN_URL', 'token.invalid', 'must be an https URL'],
    ['ARZAMED_CLIENT_SECRET', 'canary-secret\n', 'ends with a line break'],
  ])('names the variable that is unusable: %s=%j', (name, value, reason) => {
    const error = thrownBy(() => createClientFromEnv({}, { ...environment, [name]: value }));
    expect(error).toMatchObject({ code: 'invalid_option', option: name });
    expect(error).toHaveProperty('message', expect.stringContaining(`The environment variable ${name} ${reason}`));
    expect(String(error)).not.toContain('canary');
  });

  test('names an option by its own name', () => {
    const error = thrownBy(() => createClientFromEnv({ attempts: 0 }, environment));
    expect(error).toHaveProperty('message', expect.stringContaining('The option attempts must be'));
  });

  test('calls the production server unless ARZAMED_BASE_URL names another', async () => {
    const called: string[] = [];
    const fetch = async (url: string): Promise<Response> => {
      called.push(url);
      return Response.json(url === options.tokenUrl ? { access_token: 'a', token_type: 'Bearer' } : []);
    };
    await createClientFromEnv({ fetch }, environment).listDoctors();
    await createClientFromEnv({ fetch }, { ...environment, ARZAMED_BASE_URL: 'https://uat.invalid/v1/' }).listDoctors();
    expect(called.filter((url) => url !== options.tokenUrl)).toEqual([
      'https://api.nextgen.arzamed.com/api/v1/equipe/doctors',
      'https://uat.invalid/v1/equipe/doctors',
    ]);
  });
});
