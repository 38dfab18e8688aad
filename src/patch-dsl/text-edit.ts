import type { Failed } from './rendering.ts';
import { failed } from './rendering.ts';

export type TextEdit =
  { readonly status: 'text'; readonly text: string } | { readonly status: 'same' } | Failed;

/**
 * Replaces the one place where `oldText` stands; with an empty `oldText` the whole text.
 *
 * A text that was replaced already is recognised, also when the new text contains the old one, so that
 * a repeated edit changes nothing.
 */
export function replaceOnce(text: string, oldText: string, newText: string, where: string): TextEdit {
  if (oldText === '') return text === newText ? { status: 'same' } : { status: 'text', text: newText };
  const places = placesOutside(text, oldText, newText);
  if (places.length === 0) {
    return newText !== '' && text.includes(newText)
      ? { status: 'same' }
      : failed(
          'STALE_TEXT',
          `${where} does not contain ${quote(oldText)}. Read it again and quote it exactly.`,
        );
  }
  if (places.length > 1) {
    return failed(
      'TARGET_AMBIGUOUS',
      `${where} contains ${quote(oldText)} ${places.length} times. Quote more of the text around it.`,
    );
  }
  const at = places[0] ?? 0;
  const next = text.slice(0, at) + newText + text.slice(at + oldText.length);
  if (placesOutside(next, oldText, newText).length > 0) {
    return failed(
      'TARGET_AMBIGUOUS',
      `Replacing ${quote(oldText)} in ${where} would form it again. Quote more of the text around it.`,
    );
  }
  return next === text ? { status: 'same' } : { status: 'text', text: next };
}

/** Starts of `oldText` that do not lie inside an occurrence of `newText`. */
function placesOutside(text: string, oldText: string, newText: string): number[] {
  const covers = newText.includes(oldText) ? placesOf(text, newText) : [];
  return placesOf(text, oldText).filter(
    (at) => !covers.some((start) => start <= at && at + oldText.length <= start + newText.length),
  );
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

/** A text for a message: quoted and cut. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
