// Digits of the minor unit: the one table that the limiter's spend and the invoice are both rounded by.
export { minorDigits } from '#libs/money/currency.js';
