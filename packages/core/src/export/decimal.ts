/** A number with 12 significant digits, in no more than the 20 characters that CalculiX reads of one. */
export const decimal = (value: number): string => String(Number(value.toPrecision(12)));
