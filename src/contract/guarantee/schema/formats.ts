/**
 * What the formats of JSON Schema and OpenAPI look like: each text of a format matches its pattern, and perhaps some others do.
 * Formats that are not here say nothing.
 */
export const formatPatterns: Readonly<Record<string, string>> = {
  date: String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`,
  time: String.raw`(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)`,
  'date-time': String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[Tt]|\s)(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)`,
  uuid: String.raw`(?:[Uu][Rr][Nn]:[Uu][Uu][Ii][Dd]:)?[\dA-Fa-f]{8}-(?:[\dA-Fa-f]{4}-){3}[\dA-Fa-f]{12}`,
  uri: String.raw`[A-Za-z][A-Za-z\d+.-]*:\S*`,
  email: String.raw`[^\s@]+@[^\s@]+`,
  ipv4: String.raw`(?:\d{1,3}\.){3}\d{1,3}`,
  ipv6: String.raw`[\dA-Fa-f:.]+`,
  byte: String.raw`[A-Za-z\d+/=\r\n]*`,
};
