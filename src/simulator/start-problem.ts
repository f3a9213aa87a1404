/** Why the local tenant can't start, in words for whoever started it: no stack helps them. */
export class StartProblem extends Error {}
