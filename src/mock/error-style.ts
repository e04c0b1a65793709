/** How the token endpoint words its errors: as RFC 6749 asks, or as Amazon Cognito does. */
export type ErrorStyle = 'rfc6749' | 'cognito';
