import { expect, test } from '@jest/globals';
import { changedAnswer, changedAnswers } from '../../src/certify/answers.ts';
import { readWorld } from '../../src/mock/clinics/world.ts';

const { api } = await readWorld({ spec: 'test/other-api/ferries.yaml', clinics: 'test/other-api/clinics' });
const find = (id: string): (typeof api.operations)[number] => {
  const operation = api.operations.find((each) => each.id === id);
  if (!operation) throw new Error(`There is no operation ${id}.`);
  return operation;
};
const sailings = [{ id: 12, ship: 'Kalevala', delay: 20, legs: [{ to: 'TLL', onward: { to: 'RIX' } }] }];

test('an answer is changed in each place where its document allows it, and nowhere else', () => {
  expect(changedAnswers(api, find('findSailings'), sailings).map(({ change }) => change)).toEqual([
    '$[*]: field added',
    '$[*].legs[*]: field added',
    '$[*].legs[*].onward: field added',
    '$[*].delay: null',
    '$[*].legs[*].onward: missing',
    '$[*]: other order',
    '$[*].legs[*]: other order',
    '$: 200 items',
    '$[*].legs: 200 items',
    '$: no items',
    '$[*].legs: no items',
    '$[*].ship: longest text',
    '$[*].legs[*].to: longest text',
    '$[*].legs[*].onward.to: longest text',
    '$[*].ship: text in many scripts',
    '$[*].legs[*].to: text in many scripts',
    '$[*].legs[*].onward.to: text in many scripts',
    '$[*].ship: empty text',
    '$[*].legs[*].to: empty text',
    '$[*].legs[*].onward.to: empty text',
  ]);
});

test('a change that the document allows nowhere is none', () => {
  expect(changedAnswer(api, find('listPorts'), ['HEL'], 'nulls')).toBeUndefined();
});
