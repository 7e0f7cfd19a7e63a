throw new Error('x'.repeat(20_000));
