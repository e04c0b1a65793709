import { createClient } from 'arzamed-devkit';
import type { MakeClient } from './contestant.ts';

export const make: MakeClient = async (access) => {
  const client = createClient(access);
  return () => client.listDoctors();
};
