import type { Sandboxes, World } from '../instances.ts';
import { howToMakeOne } from '../routing/route.ts';
import { originForm, type Handle } from './server.ts';

/** Leads a request to the sandbox that its path begins with, or to the mock's own world. */
export function dispatch(own: World, sandboxes: Sandboxes): Handle {
  return (request, response) => {
    const target = originForm(request.url ?? '/');
    const [prefix = '', id = ''] =
      (target.startsWith('/s/') && /^\/s\/([\da-f]{8}-[\da-f-]{27})(?=[/?]|$)/.exec(target)) || [];
    request.url = prefix === '' ? target : target.slice(prefix.length).replace(/^(?!\/)/, '/');
    if (prefix === '') return own.handle(request, response);
    const entered = sandboxes.enter(id);
    if (!entered) {
      response.writeHead(404, { 'Content-Type': 'application/json' });
      response.end(
        JSON.stringify({
          message: `There is no sandbox ${id}: it was ended, or was idle for too long. ${howToMakeOne}`,
        }),
      );
      return undefined;
    }
    response.once('close', entered.leave);
    return entered.world.handle(request, response);
  };
}
