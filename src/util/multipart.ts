export interface FormPart {
  name: string;
  /** Its media type; undefined where it says none. */
  type: string | undefined;
  text: string;
}

/** The parts of a multipart/form-data body (RFC 7578); undefined where it has no boundary or is not closed. */
export function parseMultipart(contentType: string, body: Buffer): FormPart[] | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return undefined;
  // One byte is one character.
  const sections = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`).slice(1);
  if (!sections.pop()?.startsWith('--')) return undefined;
  return sections.flatMap((section) => {
    const end = section.indexOf('\r\n\r\n');
    const head = Buffer.from(section.slice(0, end), 'latin1').toString();
    const [, inQuotes, bare] = /^content-disposition:.*?[;\s]name=(?:"([^"]*)"|([^\s;]+))/im.exec(head) ?? [];
    const [, type] = /^content-type:(.*)$/im.exec(head) ?? [];
    const name = inQuotes ?? bare;
    if (end < 0 || name === undefined) return [];
    return [{ name, type: type?.trim(), text: Buffer.from(section.slice(end + 4), 'latin1').toString() }];
  });
}
