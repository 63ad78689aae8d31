export const accountantUsage = `npm run --silent accountant < CASES

Answers a JSON array of accountant cases {id, kind, params} from standard input with a JSON array {id, value} on
standard output, in the same order. A case of an unknown kind or with a bad parameter is answered {id, error};
the others still have their answers, and the exit status is 1.
docs/COMMAND-LINE.md lists the kinds with their parameters and values.
`;
