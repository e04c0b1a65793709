import { isIPv4, isIPv6 } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  NameConstraints,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';

/** What makes a certificate that of an authority which may sign for some hosts, and for nothing else. */
export function authorityExtensions(hosts: readonly string[], keyId: ArrayBuffer): Extension[] {
  return [
    critical(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    critical(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign)),
    critical(id_ce_nameConstraints, constraintsTo(hosts)),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId)),
  ];
}

/** What makes a certificate that of a server for one host. */
export function serverExtensions(host: string, keyId: ArrayBuffer, authorityKeyId: ArrayBuffer): Extension[] {
  return [
    critical(id_ce_basicConstraints, new BasicConstraints({ cA: false })),
    critical(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature)),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, new SubjectAlternativeName([nameOf(host)])),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId)),
    extension(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(authorityKeyId) }),
    ),
  ];
}

/**
 * A list of permitted names says nothing of names of another kind (RFC 5280 section 4.2.1.10), so the kinds of which
 * nothing is permitted are excluded as a whole.
 */
function constraintsTo(hosts: readonly string[]): NameConstraints {
  const addresses = hosts.filter((host) => isAddress(host));
  const excluded = [
    ...(addresses.length === hosts.length ? [new GeneralName({ dNSName: '' })] : []),
    ...(addresses.some((host) => isIPv4(host)) ? [] : [new GeneralName({ iPAddress: '0.0.0.0/0' })]),
    ...(addresses.some((host) => isIPv6(host)) ? [] : [new GeneralName({ iPAddress: '::/0' })]),
  ];
  const permitted = hosts.map((host) =>
    isAddress(host) ? new GeneralName({ iPAddress: `${host}/${isIPv4(host) ? 32 : 128}` }) : nameOf(host),
  );
  return new NameConstraints({
    ...(permitted.length > 0 ? { permittedSubtrees: subtrees(permitted) } : {}),
    ...(excluded.length > 0 ? { excludedSubtrees: subtrees(excluded) } : {}),
  });
}

function subtrees(names: readonly GeneralName[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })));
}

function nameOf(host: string): GeneralName {
  return new GeneralName(isAddress(host) ? { iPAddress: host } : { dNSName: host });
}

function isAddress(host: string): boolean {
  return isIPv4(host) || isIPv6(host);
}

function critical(id: string, value: object): Extension {
  return new Extension({ extnID: id, critical: true, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function extension(id: string, value: object): Extension {
  return new Extension({ extnID: id, extnValue: new OctetString(AsnConvert.serialize(value)) });
}
