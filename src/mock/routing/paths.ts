/** The paths that are the mock's own, whatever specification it serves. */
export const paths = {
  issuer: '/auth/{clinic}',
  token: '/auth/{clinic}/oauth2/token',
  keys: '/auth/{clinic}/.well-known/jwks.json',
  control: '/_mock',
} as const;
