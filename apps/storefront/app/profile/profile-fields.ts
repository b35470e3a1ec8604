import type { Customer, CustomerChange, FieldProblem } from '@linden/commerce-client';
import type { TextId } from '@src/i18n';

/** What shoppers may change, in the order of the form. */
export const PROFILE_FIELDS = [
  { name: 'fullName', type: 'text', autoComplete: 'name', longest: 100, label: 'profile.fullName', hint: undefined },
  { name: 'phone', type: 'tel', autoComplete: 'tel', longest: 32, label: 'profile.phone', hint: 'profile.phoneHint' },
  {
    name: 'contactEmail',
    type: 'email',
    autoComplete: 'off',
    longest: 254,
    label: 'profile.contactEmail',
    hint: 'profile.contactEmailHint',
  },
] as const satisfies { name: keyof CustomerChange; label: TextId; hint: TextId | undefined; [more: string]: unknown }[];

export type ProfileField = (typeof PROFILE_FIELDS)[number]['name'];

const WRONG: Record<string, TextId> = {
  required: 'profile.required',
  length: 'profile.length',
  phone: 'profile.phoneWrong',
  email: 'profile.contactEmailWrong',
};

/** The service's words are for developers; its codes have texts of the shop's own. */
export function wrongFields(errors: readonly FieldProblem[]): Partial<Record<ProfileField, TextId>> {
  const told = PROFILE_FIELDS.flatMap(({ name }) => {
    const error = errors.find(({ field }) => field === name);
    return error ? [[name, WRONG[error.code ?? ''] ?? 'profile.otherWrong']] : [];
  });
  return Object.fromEntries(told);
}

/** What the form holds and the record does not; an empty field is a field without a value. */
export function changeOf(customer: Customer, form: FormData): CustomerChange {
  const value = (name: ProfileField) => String(form.get(name) ?? '').trim();
  const [fullName, phone, contactEmail] = [value('fullName'), value('phone') || null, value('contactEmail') || null];
  return {
    ...(fullName !== customer.fullName && { fullName }),
    ...(phone !== customer.phone && { phone }),
    ...(contactEmail !== customer.contactEmail && { contactEmail }),
  };
}
