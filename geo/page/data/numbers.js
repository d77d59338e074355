// Numbers: round ones, and where one stands among others.

// The largest of 1, 2 and 5 times a power of ten that is not above `most`.
export function roundBelow(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].find((factor) => factor * power <= most) * power;
}

// The place of the first of rising numbers that is at least `least`; `to` where there is none.
export function firstAtLeast(numbers, least, from, to) {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (numbers[middle] < least) from = middle + 1;
    else to = middle;
  }
  return from;
}
