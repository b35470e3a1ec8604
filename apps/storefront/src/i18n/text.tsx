import { Trans, useLingui } from '@lingui/react';
import type en from '@src/locales/en.json';
import type { ReactElement } from 'react';

/** The names of the texts; a name that the English catalog lacks does not compile. */
export type TextId = keyof typeof en;

type Values = Record<string, string | number>;

/** A text for an attribute or a title. */
export function useText() {
  const { i18n } = useLingui();
  return (id: TextId, values?: Values) => i18n._(id, values);
}

/** The language that is spoken now. */
export const useLanguage = () => useLingui().i18n.locale;

/** A text between elements; `<0>…</0>` inside it becomes the element of that number. */
export const Text = ({ id, values, parts }: { id: TextId; values?: Values; parts?: Record<string, ReactElement> }) => (
  <Trans id={id} {...(values && { values })} {...(parts && { components: parts })} />
);
