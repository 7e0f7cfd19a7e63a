import * as sync from '@fr/sync';
import { expect, test } from 'vitest';

test('the public surface is this', () => {
  expect(Object.keys(sync).sort()).toMatchInlineSnapshot(`
    [
      "DEFAULT_POLICY",
      "DEFAULT_SITE_DEMAND",
      "DEFAULT_VENDOR_DEMAND",
      "SentSamples",
      "SyncError",
      "answerOffer",
      "closeMetDemands",
      "countHoldings",
      "createDemand",
      "createPassRunner",
      "createSchedule",
      "decide",
      "demandStanding",
      "demandsForReporters",
      "entryStanding",
      "httpDestination",
      "ledgerSums",
      "mayOffer",
      "nearestWord",
      "openLedger",
      "parseDuration",
      "parsePolicy",
      "policyRule",
      "previewPass",
      "readLedger",
      "runPass",
      "siteGate",
      "vendorGate",
      "verifyLedger",
      "withdrawDemand",
    ]
  `);
});
