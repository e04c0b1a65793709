import { splitHeaders, type Header, type RuleList } from '../pact/model.ts';
import { findTexts, isOf } from '../util/regex/find-text.ts';
import { allTexts, both, containing, noText, not, quote, wholly, type Language } from '../util/regex/language.ts';
import { conditionOf, isEquality, textsOf } from './matchers.ts';

/** What a contract demands of a header, as Pact compares it. */
export interface HeaderDemand {
  /** Texts that are accepted; where Pact splits the header at commas, perhaps not all. */
  texts: Language;
  accepts: (text: string) => boolean | undefined;
  example: string;
  ruled: boolean;
  /** How many lines the header needs: Pact takes one line for several values of few headers only. */
  lines: number;
}

/** @param name in small letters. */
export function headerDemand(name: string, { values }: Header, list: RuleList | undefined): HeaderDemand {
  const example = values.join(', ');
  const isListed = splitHeaders.has(name);
  const ruled = list !== undefined && !isEquality(conditionOf(list, example));
  // Without a rule, blanks at commas mean nothing; with one for equality they do, where nothing is split.
  const rules = ruled || !isListed ? list : undefined;
  const demand = { example, ruled, lines: ruled || isListed ? 1 : values.length };
  // A part with a comma would have been split.
  if (!rules && isListed && values.some((value) => value.includes(',')))
    return { ...demand, texts: noText, accepts: () => false };
  if (!rules) {
    const texts = textsLike(name, example);
    return { ...demand, texts, accepts: (text) => isOf(texts, text) };
  }
  const own = textsOf(conditionOf(rules, example), true);
  if (!isListed) return { ...demand, texts: own, accepts: (text) => isOf(own, text) };
  const texts = findTexts(not(own)).kind === 'none' ? allTexts : both(own, not(containing(',')));
  const accepts = (text: string): boolean | undefined => {
    const answers = new Set(text.split(',').map((part) => isOf(own, part.trim())));
    return answers.has(false) ? false : answers.has(undefined) ? undefined : true;
  };
  return { ...demand, texts, accepts };
}

/** Headers whose parameters Pact compares one by one, and in which it accepts further ones. */
const parameterised = new Set(['content-type', 'accept']);

/** The values that Pact takes for an example: whatever the blanks, the case of a charset and further parameters. */
function textsLike(name: string, example: string): Language {
  if (!parameterised.has(name)) return wholly(`\\s*${partsOf(example, ',').map(quote).join('\\s*,\\s*')}\\s*`);
  const [type = '', ...parameters] = partsOf(example, ';');
  return both(
    wholly(`\\s*${quote(type)}\\s*(?:;[\\s\\S]*)?`),
    ...parameters.map((parameter) =>
      wholly(`[^;]*(?:;[\\s\\S]*)?;\\s*${parameterPattern(parameter)}\\s*(?:;[\\s\\S]*)?`),
    ),
  );
}

/** The value of a header without what Pact does not look at. @param name in small letters. */
export function plainHeader(name: string, value: string): string {
  if (!parameterised.has(name)) return partsOf(value, ',').join(', ');
  return partsOf(value, ';')
    .map((part) => (/^charset\s*=/i.test(part) ? part.toLowerCase() : part))
    .join('; ');
}

function partsOf(text: string, separator: string): string[] {
  return text.split(separator).map((part) => part.trim());
}

function parameterPattern(parameter: string): string {
  const [name = '', value = ''] = parameter.split(/(?<!\s)\s*=\s*(.*)/s);
  const isCharset = name.toLowerCase() === 'charset';
  return `${anyCase(name)}\\s*=\\s*${isCharset ? anyCase(value) : quote(value)}`;
}

function anyCase(text: string): string {
  return Array.from(text)
    .map((letter) => (/[a-z]/i.test(letter) ? `[${letter.toLowerCase()}${letter.toUpperCase()}]` : quote(letter)))
    .join('');
}
