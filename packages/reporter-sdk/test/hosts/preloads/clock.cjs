// A clock that is wrong by CLOCK milliseconds.
const real = Date.now;
Date.now = () => real() + Number(process.env.CLOCK);
