import { each, type Rule } from './rule.ts';

export const clinicInPath: Rule = {
  id: 'clinic-in-path',
  severity: 'error',
  message: 'The path of an operation was called with a segment too many, most likely the id of a clinic.',
  remedy: 'Leave it out: the clinic follows from the bearer token.',
  source: 'the paths of the specification',
  begin: each(({ reason }) => reason === 'clinic_in_path'),
};
