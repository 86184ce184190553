// What is copied from the page holds the exact numbers: "$2.42" on the page is "2.41567651" on the clipboard.

/** Replaces the text of every whole `<data>` in a copied fragment by its exact value; undefined when there is none. */
export function exactText(selection: Selection): string | undefined {
  if (selection.rangeCount === 0 || selection.isCollapsed) return undefined;
  const range = selection.getRangeAt(0);
  const inside = elementOf(range.commonAncestorContainer)?.closest('data');
  if (inside) return inside.value;
  const fragment = range.cloneContents();
  const figures = fragment.querySelectorAll('data');
  if (figures.length === 0) return undefined;
  for (const figure of figures) figure.textContent = figure.value;
  // Cells and blocks are set apart as a spreadsheet expects them.
  for (const cell of fragment.querySelectorAll('td, th')) cell.append('\t');
  for (const block of fragment.querySelectorAll('tr, p, li, dt, dd, h1, h2, h3'))
    block.append('\n');
  return (fragment.textContent ?? '').replaceAll('\t\n', '\n').trim();
}

/** Puts exact numbers on the clipboard for every copy from the page; fields for typing are left alone. */
export function copyExactly(event: ClipboardEvent): void {
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)
    return;
  const selection = document.getSelection();
  const text = selection && exactText(selection);
  if (!text || !event.clipboardData) return;
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}
