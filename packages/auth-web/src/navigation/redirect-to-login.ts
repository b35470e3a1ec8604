/** In the address a registration comes back to: sign in on arrival. */
export const REDIRECT_TO_LOGIN = 'redirectToLogin';
