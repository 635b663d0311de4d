/**
 * The built-in networks by name. They are documents like a user's own, read by the same code.
 */
import { config1 } from './config1.ts';
import { vogelsAbbott } from './vogels-abbott.ts';

export const BUILT_IN_NETWORKS: Readonly<Record<string, string>> = {
  config1,
  'vogels-abbott': vogelsAbbott,
};
