import { Text, type TextId } from '@src/i18n';

/** Something is under way. Shown after a moment only, so that quick answers do not flicker. */
export const Loading = ({ id }: { id: TextId }) => (
  <p className="loading" role="status">
    <Text id={id} />
  </p>
);
