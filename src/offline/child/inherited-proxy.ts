/**
 * The proxy by which a program would have reached other hosts without `exec`, so that ours can go on through it where
 * other hosts may be reached; undefined where there is none.
 */
export function inheritedProxy(
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const names = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  return names.map((name) => inherited[name]).find((value) => value !== undefined && value !== '');
}
