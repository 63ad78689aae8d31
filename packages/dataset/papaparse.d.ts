// The part of papaparse that this package uses. Its published types pull in those of Node, which packages must not
// see: tsconfig.packages.json maps the import to this file.
interface ParseError {
  type: string;
  message: string;
  row?: number | undefined;
}
declare const Papa: {
  parse(
    text: string,
    settings: {
      delimiter: string;
      newline: '\n';
      delimitersToGuess: string[];
      skipEmptyLines: 'greedy';
    },
  ): { data: string[][]; errors: ParseError[] };
};
export default Papa;
