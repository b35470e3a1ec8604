/** Asks for the longest page there is: nobody has more lists than fit on it. */
export const ALL_LISTS = { limit: 100 };
