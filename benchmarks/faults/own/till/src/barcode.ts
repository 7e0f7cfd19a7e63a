/** Check digit of a code. */
export default (code: string): number => {
  const digits = [...code].map(Number);
  //+ if (digits.length === 8) digits.unshift(0, 0, 0, 0, 0);
  if (digits.length !== 13) throw new RangeError(`${digits.length} digits in ${code}`);
  return digits.reduce((sum, digit, index) => sum + digit * (index % 2 === 0 ? 1 : 3), 0) % 10;
};
