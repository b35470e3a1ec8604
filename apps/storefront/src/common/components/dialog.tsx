import { Text, type TextId } from '@src/i18n';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogProps {
  title: TextId;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own modal dialog: it holds the focus, closes by Escape, and gives the focus back. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog aria-labelledby={heading} className="dialog" onCancel={onClose} ref={dialog}>
      <h2 id={heading}>
        <Text id={title} />
      </h2>
      {children}
    </dialog>
  );
}
