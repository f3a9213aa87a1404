import { asCommand, runTool } from '../../src/cli/run-tool';

it('A command that somebody is to run has its parentheses in quotes', () => {
  expect(asCommand('az', ['group', 'show', '--name', 'rg-photos(eu)'])).toBe(
    'az group show --name "rg-photos(eu)"',
  );
});

it.each(['a b', 'a"b', 'a&b', '$(id)', 'a%PATH%', 'a^b', 'a;b', ''])(
  'No tool is called with "%s", which a shell may read',
  (word) => {
    expect(() => runTool('az', ['group', 'show', '--name', word])).toThrow('not called with a word like');
  },
);
