import { courier } from './courier-faults.ts';
import type { Program } from './fault.ts';
import { frontdesk } from './frontdesk-faults.ts';
import { ledger } from './ledger-faults.ts';
import { till } from './till-faults.ts';

/** All programs of the collection; the order of their faults decides what is tried with which. */
export const own: readonly Program[] = [till, courier, ledger, frontdesk];
