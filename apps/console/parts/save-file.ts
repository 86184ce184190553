// Files for the reader's disk: made here (a CSV of what is shown) or fetched with the media type that is wanted.
import { ApiError } from '../data/api.js';

export function saveText(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** Fetches a document in one of its media types and language, and saves it. Throws ApiError when it is refused. */
export async function saveFrom(path: string, type: string, save: SaveAs): Promise<void> {
  const response = await fetch(path, {
    credentials: 'same-origin',
    headers: { accept: type, 'accept-language': save.language },
  });
  if (!response.ok) {
    const { status, statusText } = response;
    const problem = { status, code: 'unknown', title: statusText, detail: null, errors: [] };
    throw new ApiError(problem, response.headers.get('x-request-id'));
  }
  saveBlob(save.name, await response.blob());
}

export interface SaveAs {
  readonly name: string;
  readonly language: string;
}

function saveBlob(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by the next turn; the address is needed no longer.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
