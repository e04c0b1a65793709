/** The host of a URL as certificates and sockets have it: in small letters, no brackets, no dot at its end. */
export function hostName({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
