import fc from 'fast-check';

// Property tests try the same values in every run: main must not fail by chance. FC_SEED=random looks further, and
// FC_SEED=<number> repeats what it found.
const wish = process.env['FC_SEED'] ?? '1';
if (wish !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wish) });
