import { splitHeaders, type Header, type RuleList } from '../pact/model.ts';
import { findTexts, isOf } from '../util/regex/find-text.ts';
import { allTexts, both, containing, noText, not, quote, wholly, type Language } from '../util/regex/language.ts';
import { conditionOf, textsOf } from './matchers.ts';

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
export function headerDemand(name: string, { values }: Header, rules: RuleList | undefined): HeaderDemand {
  const example = values.join(', ');
  const isListed = splitHeaders.has(name);
  const demand = { example, ruled: rules !== undefined, lines: rules || isListed ? 1 : values.length };
  if (!rules) {
    // A part with a comma would have been split.
    if (isListed && values.some((value) => value.includes(',')))
      return { ...demand, texts: noText, accepts: () => false };
    // Spaces around commas mean nothing.
    const parts = example.split(',').map((part) => quote(part.trim()));
    const texts = wholly(parts.join(' *, *'));
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
