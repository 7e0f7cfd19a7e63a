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
      "explainPolicy",
      "httpDestination",
      "ledgerSums",
      "mayCollect",
      "mayOffer",
      "nearestWord",
      "openLedger",
      "parseBytes",
      "parseDuration",
      "parsePolicy",
      "policyRule",
      "policySchema",
      "previewPass",
      "printBytes",
      "readLedger",
      "runPass",
      "sendingSwitchedOff",
      "siteGate",
      "unreachableRules",
      "vendorGate",
      "verifyLedger",
      "withdrawDemand",
    ]
  `);
});
