import { entriesOf, fieldsOf } from './input.ts';
import type { Flaw } from '../contract/pact/flaw.ts';
import type { MatchingRules, PathRules, PathStep, RuleList } from '../contract/pact/matching-rules.ts';
import { readBodyRules, readRule, readRuleList } from '../contract/pact/rule-list.ts';
import { readRulePath } from '../contract/pact/rule-path.ts';

const noRules: MatchingRules = { query: new Map(), header: new Map(), body: [] };

/**
 * The matching rules of a request or a response, of whichever version: version 2 has one rule at each path
 * (`$.body.id`, `$.headers.Accept`), later ones have lists of rules below the name of what they are for.
 */
export function readRules(value: unknown, version: 2 | 3 | 4, flaw: Flaw): MatchingRules {
  if (value === undefined || value === null) return noRules;
  const categories = fieldsOf(value);
  if (!categories) throw flaw([], 'matching rules by what they are for');
  return version === 2 ? readOldRules(categories, flaw) : readNewRules(categories, flaw);
}

function readOldRules(rules: object, flaw: Flaw): MatchingRules {
  const found = { ...noRules, query: new Map<string, RuleList>(), header: new Map<string, RuleList>() };
  const body: PathRules[] = [];
  for (const [text, rule] of entriesOf(rules)) {
    const [category, ...path] = readRulePath(text) ?? [];
    const list: RuleList = { combine: 'and', rules: [readRule(rule, flaw.at(text))] };
    const name = firstName(path);

    if (category === 'body') body.push({ ...list, text: text.replace(/^\$?\.?body|^\$\['body'\]/, '$'), path });
    else if (category === 'path') Object.assign(found, { path: list });
    else if (category === 'status') Object.assign(found, { status: list });
    else if (category === 'query') found.query.set(name, list);
    else if (category === 'headers' || category === 'header') found.header.set(name.toLowerCase(), list);
    else throw flaw([text], 'a path that begins with $.body, $.headers, $.query, $.path or $.status');
  }
  return { ...found, body };
}

function readNewRules(categories: object, flaw: Flaw): MatchingRules {
  const found: Record<string, unknown> = {};
  for (const [name, value] of entriesOf(categories)) {
    const at = flaw.at(name);
    if (name === 'method' || name === 'path' || name === 'status') {
      const list = readRuleList(value, at) ?? readRuleList(fieldsOf(value)?.['$'] ?? fieldsOf(value)?.[''], at);
      if (list) found[name] = list;
    }
  }
  const byName = (name: 'query' | 'header', change: (name: string) => string): Map<string, RuleList> =>
    new Map(
      entriesOf(Reflect.get(categories, name)).flatMap(([key, value]) => {
        const list = readRuleList(value, flaw.at(name, key));
        return list ? [[change(nameOf(key)), list] as const] : [];
      }),
    );
  return {
    ...found,
    query: byName('query', (name) => name),
    header: byName('header', (name) => name.toLowerCase()),
    body: readBodyRules(Reflect.get(categories, 'body'), flaw.at('body')),
  };
}

/** Names may come as paths, `$.Accept` or `Accept[0]`. */
function nameOf(key: string): string {
  if (!/^\$|\[\d+\]$/.test(key)) return key;
  return firstName(readRulePath(key) ?? []) || key;
}

function firstName([first]: readonly PathStep[]): string {
  return typeof first === 'string' ? first : '';
}
