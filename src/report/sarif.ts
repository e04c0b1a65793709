import { createHash } from 'node:crypto';
import { packageVersion } from '../util/files.ts';
import { printableJson } from '../util/terminal.ts';
import { placeOf, type Annotation } from './github.ts';

interface Rule {
  id: string;
  shortDescription?: { text: string };
  help?: { text: string };
}

/**
 * Static Analysis Results Interchange Format 2.1.0, which code hosts show.
 * @param tool such as `arzamed verify`.
 * @param rules those that are described; any other has its name alone.
 */
export function sarif(tool: string, annotations: readonly Annotation[], rules: readonly Rule[] = []): string {
  const known = new Map<string, Rule>(
    [...annotations.map(({ rule }) => ({ id: rule })), ...rules].map((rule) => [rule.id, rule]),
  );
  const results = annotations.map(({ level, rule, message, where }) => ({
    ruleId: rule,
    level: level === 'notice' ? 'note' : level,
    message: { text: message },
    locations: [{ physicalLocation: locationOf(where) }],
  }));
  const driver = { name: tool, version: packageVersion(), rules: [...known.values()] };
  const runs = [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }];
  return printableJson({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs });
}

/** GitHub refuses a result without a location: what is about no file is about the repository. */
function locationOf(where: string | undefined): object {
  const place = placeOf(where);
  const uri = place
    ? place.file
        .replaceAll(/\p{Cs}/gu, '\uFFFD')
        .split('/')
        .map(encodeURIComponent)
        .join('/')
    : './';
  const artifactLocation = { uri, uriBaseId: '%SRCROOT%' };
  return place ? { artifactLocation, region: { startLine: place.line } } : { artifactLocation };
}

/** The formats of reports that code hosts show, by the ending of a file's name. @param rulesOf describes rules in SARIF. */
export function annotationFormats<Told extends unknown[]>(
  tool: string,
  annotate: (...told: Told) => Annotation[],
  rulesOf: (...told: Told) => Rule[] = () => [],
) {
  return {
    '.codequality': (...told: Told): string => codeQuality(tool, annotate(...told)),
    '.sarif': (...told: Told): string => sarif(tool, annotate(...told), rulesOf(...told)),
  };
}

/** A report on code quality, which GitLab shows in merge requests: a part of Code Climate's format. */
function codeQuality(tool: string, annotations: readonly Annotation[]): string {
  const severities = { error: 'major', warning: 'minor', notice: 'info' } as const;
  const found = annotations.map(({ level, rule, message, where }) => {
    const { file: path = '.', line: begin = 1 } = placeOf(where) ?? {};
    const check = `${tool}: ${rule}`;
    // Without the line, a finding that only moves stays the same one.
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([check, path, message]))
      .digest('hex');
    const location = { path, lines: { begin } };
    return { description: message, check_name: check, fingerprint, severity: severities[level], location };
  });
  return printableJson(found);
}
