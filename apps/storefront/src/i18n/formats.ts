import { i18n } from '@lingui/core';

/** `cents`: hundredths of a euro. */
export const formatPrice = (cents: number) => i18n.number(cents / 100, { style: 'currency', currency: 'EUR' });

/** `at`: epoch milliseconds; the time of day where the shopper is. */
export const formatTime = (at: number) => i18n.date(new Date(at), { hour: 'numeric', minute: '2-digit' });
