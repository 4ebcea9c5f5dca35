/** natural types only the folder's index, which would load a database client. */
declare module 'natural/lib/natural/util/stopwords.js' {
  export const words: readonly string[];
}
