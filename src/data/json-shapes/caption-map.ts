import {insidePath, printablePath} from '../inside-path.js';
import {rowOrFault} from '../layout.js';
import {captionsOf, failureAt} from '../record-fields.js';
import {imageExtension} from '../stem-groups.js';
import {isObject, type JsonShape} from './shape.js';

/** Captions by image: `{"a.jpg": "caption"}` or `{"a.jpg": ["caption", ...]}`. */
export const captionMap: JsonShape = {
  looksLike: '{"a.jpg": "caption"}',
  matches: (document) =>
    isObject(document) &&
    Object.keys(document).length > 0 &&
    Object.keys(document).every((key) => imageExtension.test(key)),
  *records(document, {place, context, anywhere}) {
    const checked = anywhere ? printablePath : insidePath;
    for (const [file, caption] of Object.entries(document as Readonly<Record<string, unknown>>)) {
      yield* rowOrFault(context, () => {
        const captions = captionsOf({caption}, {}, failureAt(`${place}: ${JSON.stringify(file)}`));
        return {
          file: checked(file, place),
          captions: context.withText ? captions : [],
          split: null,
          fields: {},
        };
      });
    }
  },
};
