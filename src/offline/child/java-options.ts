import { quoteOption } from './quote-option.ts';
import type { Parts } from '../../intercept/child/environment.ts';

/** What sends Java's clients to the proxy and has them trust the mock. Of two that set the same, Java takes the later. */
export function javaOptions({ proxy, noProxy, files }: Pick<Parts, 'proxy' | 'noProxy' | 'files'>): string[] {
  const { hostname, port } = new URL(proxy);
  const properties = {
    'https.proxyHost': hostname,
    'https.proxyPort': port,
    'http.proxyHost': hostname,
    'http.proxyPort': port,
    'http.nonProxyHosts': nonProxyHosts(noProxy),
    'javax.net.ssl.trustStore': files.java,
    'javax.net.ssl.trustStoreType': 'PKCS12',
  };
  return Object.entries(properties).map(([name, value]) => quoteOption(`-D${name}=${value}`, 'java'));
}

/** Java names hosts one by one and whole domains by `*`, where NO_PROXY means both by one name. */
function nonProxyHosts(noProxy: string): string {
  const names = noProxy.split(',').flatMap((each) => {
    const domain = /^\*?\.(.+)$/.exec(each)?.[1];
    if (domain !== undefined) return [`*.${domain}`];
    return /^[\d.:[\]]+$|^localhost$|\*/.test(each) ? [each] : [each, `*.${each}`];
  });
  return names.join('|');
}
