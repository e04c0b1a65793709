// What the benchmarks use of the packages in bench/package.json, so that the sources can be checked where those are not
// installed. `arzamed-devkit` is this project, as bench/harness/install.ts links it.

declare module 'arzamed-devkit' {
  interface Options {
    tokenUrl: string;
    clientId: string;
    clientSecret: string;
    baseUrl: string;
  }
  export function createClient(options: Options): { listDoctors(): Promise<unknown> };
}

declare module 'arzamed-devkit/mock' {
  export function startMock(options: { limits: { journalEntries: number } }): Promise<{ url: string }>;
}

declare module 'openapi-fetch' {
  interface Middleware {
    onRequest(context: { request: Request }): Promise<Request>;
  }
  interface Client {
    use(middleware: Middleware): void;
    GET(path: string): Promise<{ data?: unknown; response: Response }>;
  }
  export default function createClient(options: { baseUrl: string }): Client;
}

declare module 'ky' {
  interface Options {
    baseUrl?: string;
    hooks?: { beforeRequest?: ((state: { request: Request }) => Promise<void>)[] };
  }
  interface Ky {
    extend(options: Options): Ky;
    get(path: string): { json(): Promise<unknown> };
  }
  const ky: Ky;
  export default ky;
}

declare module '@mockoon/commons' {
  interface Response {
    body: string;
    headers: { key: string; value: string }[];
    disableTemplating: boolean;
  }
  interface Route {
    uuid: string;
    method: string;
    endpoint: string;
    responses: Response[];
  }
  interface Environment {
    routes: Route[];
    rootChildren: { type: 'route'; uuid: string }[];
  }
  export function BuildEnvironment(params: { hasDefaultHeader: boolean; hasDefaultRoute: boolean }): Environment;
  export function BuildHTTPRoute(): Route;
  export function BuildRouteResponse(): Response;
}

declare module 'autocannon' {
  interface Asked {
    method: string;
    path: string;
    headers: Record<string, string>;
    body: string;
  }
  export interface Options {
    url: string;
    connections: number;
    /** In seconds. */
    duration?: number;
    /** Milliseconds between looking whether the duration is over. */
    sampleInt?: number;
    /** Requests, in the place of a duration. */
    amount?: number;
    /** In turn. */
    requests: Asked[];
    setupClient?: (client: { setRequests: (requests: Asked[]) => void }) => void;
    verifyBody?: (body: string) => boolean;
  }
  interface Result {
    start: Date;
    finish: Date;
    requests: { total: number };
    errors: number;
    timeouts: number;
    mismatches: number;
    non2xx: number;
    statusCodeStats: Record<string, unknown>;
  }
  export default function autocannon(options: Options): Promise<Result>;
}

declare module 'json-schema-faker' {
  interface Options {
    seed?: number;
    alwaysFakeOptionals?: boolean;
    optionalsProbability?: number;
  }
  export function generateSync(schema: object, options?: Options): unknown;
}

declare module '@openapi-contrib/openapi-schema-to-json-schema' {
  interface Options {
    removeReadOnly?: boolean;
    removeWriteOnly?: boolean;
    strictMode?: boolean;
  }
  export function openapiSchemaToJsonSchema(schema: object, options?: Options): unknown;
}
