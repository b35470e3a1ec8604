import { Text, type TextId } from '@src/i18n';

/** Something did not work, and what can be done about it. */
export const Failure = ({ id, onRetry }: { id: TextId; onRetry?: () => void }) => (
  <div className="failure" role="alert">
    <p>
      <Text id={id} />
    </p>
    {onRetry && (
      <button className="button quiet" onClick={onRetry} type="button">
        <Text id="failure.retry" />
      </button>
    )}
  </div>
);
