import { writeFile } from 'node:fs/promises';
import { BuildEnvironment, BuildHTTPRoute, BuildRouteResponse } from '@mockoon/commons';
import { doctors, exampleToken } from '../harness/answers.ts';

/** Writes a data file of Mockoon's own kind that answers with the same bytes as the others. */
export async function writeMockoonFile(path: string): Promise<void> {
  const routes = [route('get', 'api/v1/equipe/doctors', doctors), route('post', 'token', exampleToken)];
  const mock = BuildEnvironment({ hasDefaultHeader: false, hasDefaultRoute: false });
  const rootChildren = routes.map(({ uuid }) => ({ type: 'route', uuid }) as const);
  await writeFile(path, JSON.stringify({ ...mock, routes, rootChildren }));
}

function route(method: string, endpoint: string, body: string): ReturnType<typeof BuildHTTPRoute> {
  const headers = [{ key: 'Content-Type', value: 'application/json' }];
  const response = { ...BuildRouteResponse(), body, headers, disableTemplating: true };
  return { ...BuildHTTPRoute(), method, endpoint, responses: [response] };
}
