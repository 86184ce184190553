import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

interface AskProps {
  readonly title: string;
  readonly role?: 'dialog' | 'alertdialog';
  readonly close: () => void;
  readonly children: ReactNode;
}

/** A question over the page: it takes the focus, keeps it, and gives it back; Escape closes it. */
export function Ask({ title, role = 'dialog', close, children }: AskProps) {
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className="dialog">
        <Dialog role={role}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
